/** MaxPooling2D. */
import { maxPool2d } from '../../../graph/ops/max-pool-2d.ts'
import type { LayerImporter } from '../define.ts'
import { pair, stepsOf } from '../steps.ts'

export const maxPooling2d: LayerImporter = {
  className: 'MaxPooling2D',
  add(layer, [x], graph) {
    const [filterH, filterW] = pair(layer.config.poolSize)
    return graph.add(maxPool2d, { ...stepsOf(layer).steps, filterH, filterW }, [x!], layer.name)
  },
}
