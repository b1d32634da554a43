/** MEAN: the mean along constant axes. */
import { rescale, rescaleFloat } from '../math/requantise.ts'
import { activation, defineOp, index } from './define.ts'
import { fold, meeting, reducing } from './kit/reduction.ts'
import { limitsOf, ratio, secondForInt8, zeroOf } from './kit/scale.ts'

const add = (a: number, b: number) => a + b

export const mean = defineOp({
  ...reducing,
  name: 'mean',
  tflite: { code: 40, options: 27, version: secondForInt8 },
  roles: { in: [activation, index], out: [activation] },
  float: (_, inputs, outputs) => {
    const count = meeting(inputs[0]!, outputs[0]!)
    return fold(inputs, outputs, 0, add, (total) => total / count)
  },
  authority: { int16: 'tflm' },
  int8: (_, inputs, outputs, rounding) => {
    const [x, y] = [inputs[0]!, outputs[0]!]
    const [zeroX, zeroY, [low, high], count] = [zeroOf(x), zeroOf(y), limitsOf(y), meeting(x, y)]
    const { mantissa, shift } = ratio(x, y)
    // The division by the count goes into the multiplier, as far up as it stays exact (TFLite's QuantizedMeanOrSum).
    const up = Math.min(31 - Math.clz32(count), 31 + shift)
    const divided = Number((BigInt(mantissa) << BigInt(up)) / BigInt(count))
    const scaled = rounding === 'xnnpack' ? rescaleFloat : rescale
    return fold(inputs, outputs, -zeroX * count, add, (total) => Math.min(high, Math.max(low, scaled(total, divided, shift - up) + zeroY)))
  },
})
