/** ABS: the magnitude. */
import { multiplier, rescale } from '../math/requantise.ts'
import { defineOp } from './define.ts'
import { scaleOf, secondForInt8, zeroOf } from './kit/scale.ts'
import { each, lookUp, pointwise } from './kit/unary.ts'

export const abs = defineOp({
  ...pointwise,
  name: 'abs',
  tflite: { code: 101, options: 78, version: secondForInt8 },
  family: 'elementwise',
  authority: { int16: 'tflm' },
  float: () => each(Math.abs),
  int8: (_, [x], [y], rounding) => {
    // Formed in double by TFLM, in float32 by LiteRT.
    const exact = scaleOf(x) / scaleOf(y)
    const { mantissa, shift } = multiplier(rounding !== 'tflm' ? Math.fround(exact) : exact)
    return lookUp(y, (q) => rescale(Math.abs(q - zeroOf(x)), mantissa, shift) + zeroOf(y))
  },
})
