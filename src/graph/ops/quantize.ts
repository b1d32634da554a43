/** QUANTIZE: reals to steps, or steps to other steps. */
import { rescale, roundAway } from '../math/requantise.ts'
import { activation, defineOp } from './define.ts'
import { copy } from './kit/gather.ts'
import { limitsOf, ratio, scaleOf, zeroOf } from './kit/scale.ts'

export const quantize = defineOp({
  name: 'quantize',
  tflite: { code: 114, options: 89, version: (_, __, [y]) => (y?.quant && y.quant.scale.length > 1 ? 3 : y?.dtype === 'int16' ? 2 : 1) },
  attrs: {},
  family: 'elementwise',
  roles: { in: [activation], out: [activation] },
  infer: (_, [x]) => [x.shape],
  macs: () => 0,
  facts: (_, [x]) => ({ requantises: x.dtype !== 'float32' }),
  float: () => copy,
  int8: (_, [x], [y]) => {
    const [min, max] = limitsOf(y)
    const [zero, scale] = [zeroOf(y), scaleOf(y)]
    if (x.dtype === 'float32')
      return ([xs], [ys]) => {
        for (let i = 0; i < ys!.length; i++) ys![i] = Math.min(max, Math.max(min, roundAway(Math.fround(xs![i]! / scale)) + zero))
      }
    const { mantissa, shift } = ratio(x, y)
    const from = zeroOf(x)
    return ([xs], [ys]) => {
      for (let i = 0; i < ys!.length; i++) ys![i] = Math.min(max, Math.max(min, rescale(xs![i]! - from, mantissa, shift) + zero))
    }
  },
  takes: ['float32', 'uint8', 'int16'],
  examples: [{ shapes: [[1, 4, 4, 3]] }],
})
