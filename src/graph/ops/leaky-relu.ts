/** LEAKY_RELU: x, or alpha x below zero. Each side has its own multiplier. */
import { multiplier, rescale } from '../math/requantise.ts'
import { activation, defineOp, float } from './define.ts'
import { scaleOf, zeroOf } from './kit/scale.ts'
import { each, lookUp } from './kit/unary.ts'

export const leakyRelu = defineOp({
  name: 'leaky-relu',
  tflite: { code: 98, options: 75, version: (_, [x]) => (x?.dtype === 'int16' ? 2 : 1) },
  attrs: { alpha: float(0) },
  family: 'elementwise',
  roles: { in: [activation], out: [activation] },
  infer: (_, [x]) => [x.shape],
  macs: () => 0,
  facts: ({ alpha }) => ({ alpha }),
  float: ({ alpha }) => each((x) => (x > 0 ? x : x * alpha)),
  authority: { int16: 'tflm' },
  int8: ({ alpha }, [x], [y]) => {
    const [zeroX, zeroY] = [zeroOf(x), zeroOf(y)]
    const above = multiplier(Math.fround(scaleOf(x) / scaleOf(y)))
    const slope = Math.fround(Math.fround(scaleOf(x) * Math.fround(alpha)) / scaleOf(y))
    const below = multiplier(Math.abs(slope))
    return lookUp(y, (q) => {
      const v = q - zeroX
      if (v >= 0) return rescale(v, above.mantissa, above.shift) + zeroY
      return Math.sign(slope) * rescale(v, below.mantissa, below.shift) + zeroY
    })
  },
  examples: [
    { attrs: { alpha: 0.01 }, shapes: [[2, 9]] },
    { attrs: { alpha: 0.3 }, shapes: [[1, 3, 3, 4]] },
  ],
})
