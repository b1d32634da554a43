/** Flatten: everything behind the batch in one axis. */
import { size } from '../../../graph/ir/graph.ts'
import { channelsLast, type LayerImporter } from '../define.ts'
import { reshaped } from '../reshaped.ts'

export const flatten: LayerImporter = {
  className: 'Flatten',
  add(layer, [x], graph) {
    channelsLast(layer)
    return reshaped(graph, x!, [1, size(graph.shape(x!))], layer.name)
  },
}
