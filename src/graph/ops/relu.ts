/** RELU: what is below zero becomes zero. */
import { multiplier, rescale } from '../math/requantise.ts'
import { activation, defineOp } from './define.ts'
import { scaleOf, secondForInt8, zeroOf } from './kit/scale.ts'
import { each, lookUp } from './kit/unary.ts'

export const relu = defineOp({
  name: 'relu',
  tflite: { code: 19, options: 0, version: secondForInt8 },
  attrs: {},
  family: 'elementwise',
  roles: { in: [activation], out: [activation] },
  infer: (_, [x]) => [x.shape],
  macs: () => 0,
  facts: () => ({}),
  float: () => each((x) => Math.max(x, 0)),
  authority: { int16: 'tflm' },
  int8: (_, [x], [y]) => {
    // The ratio is a float32 here, as TFLM's CalculateReluOpData forms it.
    const { mantissa, shift } = multiplier(Math.fround(scaleOf(x) / scaleOf(y)))
    const zero = zeroOf(y)
    return lookUp(y, (q) => Math.max(zero, rescale(q - zeroOf(x), mantissa, shift) + zero))
  },
  examples: [{ shapes: [[1, 4, 4, 8]] }],
})
