/** AveragePooling2D. */
import { averagePool2d } from '../../../graph/ops/average-pool-2d.ts'
import type { LayerImporter } from '../define.ts'
import { pair, stepsOf } from '../steps.ts'

export const averagePooling2d: LayerImporter = {
  className: 'AveragePooling2D',
  add(layer, [x], graph) {
    const [filterH, filterW] = pair(layer.config.poolSize)
    return graph.add(averagePool2d, { ...stepsOf(layer).steps, filterH, filterW }, [x!], layer.name)
  },
}
