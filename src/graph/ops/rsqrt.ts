/** RSQRT: one by the square root; in int8 by a fixed-point inverse root, zero giving the largest step. */
import { inverseRoot } from '../math/inverse-root.ts'
import { multiplier, rescale } from '../math/requantise.ts'
import { defineOp } from './define.ts'
import { lookUpRoot } from './kit/root.ts'
import { limitsOf, scaleOf, secondForInt8, zeroOf } from './kit/scale.ts'
import { each, pointwise } from './kit/unary.ts'

/** Bits of fraction that keep the inverse root of an integer an integer. */
const FRACTION = 20

export const rsqrt = defineOp({
  ...pointwise,
  name: 'rsqrt',
  tflite: { code: 76, options: 0, version: secondForInt8 },
  family: 'lut',
  float: () => each((x) => 1 / Math.sqrt(x)),
  int8: (_, [x], [y]) => {
    const { mantissa, shift } = multiplier(1 / Math.fround(Math.fround(Math.sqrt(scaleOf(x))) * scaleOf(y)))
    const most = limitsOf(y)[1]
    return lookUpRoot('RSQRT', x, y, (value) => {
      if (value === 0) return most
      const root = inverseRoot(value)
      return rescale(rescale(1, root.mantissa, root.shift + FRACTION), mantissa, shift - FRACTION) + zeroOf(y)
    })
  },
})
