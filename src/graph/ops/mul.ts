/** MUL: the product of two tensors. */
import { multiplier, rescale } from '../math/requantise.ts'
import { activation, defineOp, fused } from './define.ts'
import { broadcast, eachPair, pairFacts, realPair } from './kit/binary.ts'
import { stepRange } from './kit/fused.ts'
import { scaleOf, zeroOf } from './kit/scale.ts'

export const mul = defineOp({
  name: 'mul',
  tflite: {
    code: 18,
    options: 21,
    // Version 3 brought products of scales above the output's; TFLite tests the ratio in float32.
    version: (_, [a, b], [y]) =>
      a?.quant && b?.quant && y?.quant && Math.fround(Math.fround(scaleOf(a) * scaleOf(b)) / scaleOf(y)) >= 1
        ? 3
        : a?.dtype === 'int8'
          ? 2
          : 1,
  },
  attrs: { fusedActivation: fused(0) },
  family: 'elementwise',
  roles: { in: [activation, activation], out: [activation] },
  infer: (_, [a, b]) => [broadcast(a.shape, b.shape)],
  macs: () => 0,
  facts: ({ fusedActivation }, inputs) => ({ fusedActivation, ...pairFacts(inputs) }),
  float: ({ fusedActivation }, inputs, outputs) => realPair(fusedActivation, inputs, outputs, (a, b) => a * b),
  authority: { int16: 'tflm' },
  int8: ({ fusedActivation }, inputs, outputs) => {
    const [[a, b], [y]] = [inputs, outputs]
    const { mantissa, shift } = multiplier((scaleOf(a!) * scaleOf(b!)) / scaleOf(y!))
    const [low, high] = stepRange(fusedActivation, y!)
    const [zeroA, zeroB, zeroY] = [zeroOf(a!), zeroOf(b!), zeroOf(y!)]
    return eachPair(inputs, outputs, (p, q) => Math.min(high, Math.max(low, rescale((p - zeroA) * (q - zeroB), mantissa, shift) + zeroY)))
  },
  examples: [
    {
      shapes: [
        [1, 4, 4, 8],
        [1, 4, 4, 8],
      ],
    },
    {
      attrs: { fusedActivation: 'relu' },
      shapes: [
        [2, 3, 4],
        [1, 4],
      ],
    },
    {
      shapes: [
        [1, 3, 3, 5],
        [1, 1, 1, 5],
      ],
    },
  ],
})
