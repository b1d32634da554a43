/** LeakyReLU. Keras 3 calls the slope negative_slope, Keras 2 and tfjs alpha. */
import { leakyRelu as leaky } from '../../../graph/ops/leaky-relu.ts'
import type { LayerImporter } from '../define.ts'

export const leakyRelu: LayerImporter = {
  className: 'LeakyReLU',
  add: (layer, [x], graph) => graph.add(leaky, { alpha: layer.config.alpha ?? layer.config.negativeSlope ?? 0.3 }, [x!], layer.name),
}
