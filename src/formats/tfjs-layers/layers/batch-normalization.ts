/** BatchNormalization at rest: moving mean and variance, along the last axis. */
import { batchNormalization as normalization } from '../../../graph/ops/batch-normalization.ts'
import { type LayerImporter, refusal } from '../define.ts'
import { vectorOr } from '../weights.ts'

export const batchNormalization: LayerImporter = {
  className: 'BatchNormalization',
  add(layer, [x], graph) {
    const shape = graph.shape(x!)
    const { epsilon = 1e-3 } = layer.config
    // Keras 2 writes a list.
    const axis: readonly number[] = [layer.config.axis ?? -1].flat()
    if (axis.length !== 1 || (axis[0] !== -1 && axis[0] !== shape.length - 1))
      throw refusal(layer, `it normalises axis ${axis}`, 'normalise the last axis, the channels')
    const [gamma, beta, mean, variance] = (
      [
        ['gamma', 1],
        ['beta', 0],
        ['moving_mean', 0],
        ['moving_variance', 1],
      ] as const
    ).map(([name, neutral]) => vectorOr(layer, name, shape.at(-1)!, neutral, graph))
    return graph.add(normalization, { epsilon }, [x!, gamma!, beta!, mean!, variance!], layer.name)
  },
}
