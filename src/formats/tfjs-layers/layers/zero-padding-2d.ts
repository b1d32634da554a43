/** ZeroPadding2D: rows and columns of zeros. */
import { pad } from '../../../graph/ops/pad.ts'
import { channelsLast, type LayerImporter } from '../define.ts'
import { pair } from '../steps.ts'

export const zeroPadding2d: LayerImporter = {
  className: 'ZeroPadding2D',
  add(layer, [x], graph) {
    channelsLast(layer)
    const [rows, columns] = pair(layer.config.padding).map(pair)
    const widths = graph.constant(`${layer.name}/paddings`, [4, 2], () => Int32Array.of(0, 0, ...rows!, ...columns!, 0, 0), 'int32')
    return graph.add(pad, {}, [x!, widths], layer.name)
  },
}
