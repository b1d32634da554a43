/** SUM: the sum along constant axes. */
import { rescale } from '../math/requantise.ts'
import { activation, defineOp, index } from './define.ts'
import { fold, meeting, reducing } from './kit/reduction.ts'
import { limitsOf, ratio, zeroOf } from './kit/scale.ts'

const add = (a: number, b: number) => a + b

export const sum = defineOp({
  ...reducing,
  name: 'sum',
  tflite: { code: 74, options: 27, version: (_, [x]) => (x?.dtype === 'int8' ? 2 : 1) },
  roles: { in: [activation, index], out: [activation] },
  float: (_, inputs, outputs) => fold(inputs, outputs, 0, add, (total) => total),
  authority: { int16: 'tflm' },
  int8: (_, inputs, outputs) => {
    const [x, y] = [inputs[0]!, outputs[0]!]
    const [zeroX, zeroY, [low, high]] = [zeroOf(x), zeroOf(y), limitsOf(y)]
    const { mantissa, shift } = ratio(x, y)
    const close = (total: number) => Math.min(high, Math.max(low, rescale(total, mantissa, shift) + zeroY))
    return fold(inputs, outputs, -zeroX * meeting(x, y), add, close)
  },
})
