/** Batch normalisation at inference: gamma (x - mean) / sqrt(variance + epsilon) + beta, per channel. Fold removes it; no file holds it. */
import { activation, defineOp, float, weight } from './define.ts'

export const batchNormalization = defineOp({
  name: 'batch-normalization',
  goneBy: 'folded',
  attrs: { epsilon: float(0, 0.001) },
  family: 'elementwise',
  roles: { in: [activation, weight(0), weight(0), weight(0), weight(0)], out: [activation] },
  infer: (_, [x, ...parameters]) => {
    const channels = x.shape.at(-1)
    for (const { shape } of parameters)
      if (shape.length !== 1 || shape[0] !== channels) throw new Error(`a parameter has the shape [${shape}], and must have [${channels}]`)
    return [x.shape]
  },
  macs: () => 0,
  facts: ({ epsilon }) => ({ epsilon }),
  float: ({ epsilon }, [x]) => {
    const channels = x.shape.at(-1)!
    const [gain, shift] = [new Float64Array(channels), new Float64Array(channels)]
    return ([xs, gamma, beta, mean, variance], [ys]) => {
      for (let c = 0; c < channels; c++) {
        gain[c] = gamma![c]! / Math.sqrt(variance![c]! + epsilon)
        shift[c] = beta![c]! - mean![c]! * gain[c]!
      }
      for (let i = 0; i < ys!.length; i += channels) for (let c = 0; c < channels; c++) ys![i + c] = xs![i + c]! * gain[c]! + shift[c]!
    }
  },
  examples: [{ shapes: [[1, 3, 3, 4], [4], [4], [4], [4]] }],
})
