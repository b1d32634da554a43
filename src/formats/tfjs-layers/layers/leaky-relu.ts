/** LeakyReLU. */
import { leakyRelu as leaky } from '../../../graph/ops/leaky-relu.ts'
import type { LayerImporter } from '../define.ts'

export const leakyRelu: LayerImporter = {
  className: 'LeakyReLU',
  add: (layer, [x], graph) => graph.add(leaky, { alpha: layer.config.alpha ?? 0.3 }, [x!], layer.name),
}
