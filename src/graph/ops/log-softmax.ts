/** LOG_SOFTMAX along the last axis; in int8 by fixed-point exponentials and a fixed-point logarithm, in steps of 1/16 from 0 down. */

import { logOf } from '../math/fixed-log.ts'
import { expOfNegative } from '../math/fixed-point.ts'
import { multiplier, rescale, roundingShift } from '../math/requantise.ts'
import { activation, defineOp, fixed } from './define.ts'
import { scaleOf } from './kit/scale.ts'
import { pointwise } from './kit/unary.ts'

/** Differences below the largest are Q5, sums of exponentials Q12. */
const [INPUT_BITS, SUM_BITS, OUTPUT_BITS] = [5, 12, 4]

export const logSoftmax = defineOp({
  ...pointwise,
  name: 'log-softmax',
  tflite: { code: 50, options: 36, version: (_, [x]) => (x?.dtype === 'int8' ? 2 : 1) },
  family: 'softmax',
  roles: { in: [activation], out: [fixed(16 / 256, 127)] },
  facts: (_, [x]) => ({ depth: x.shape.at(-1) ?? 1 }),
  float: (_, [x]) => {
    const depth = x.shape.at(-1) ?? 1
    return ([xs], [ys]) => {
      for (let row = 0; row < ys!.length; row += depth) {
        let [most, sum] = [-Infinity, 0]
        for (let c = 0; c < depth; c++) most = Math.max(most, xs![row + c]!)
        for (let c = 0; c < depth; c++) sum += Math.exp(xs![row + c]! - most)
        for (let c = 0; c < depth; c++) ys![row + c] = xs![row + c]! - most - Math.log(sum)
      }
    }
  },
  int8: (_, [x]) => {
    const depth = x.shape.at(-1) ?? 1
    const { mantissa, shift } = multiplier(Math.min(scaleOf(x) * 2 ** (31 - INPUT_BITS), 2 ** 31 - 1))
    const back = multiplier(2 ** (31 - shift) / mantissa)
    const least = -Math.floor((31 * 2 ** (31 - INPUT_BITS)) / 2 ** shift)
    return ([xs], [ys]) => {
      for (let row = 0; row < ys!.length; row += depth) {
        let [most, sum] = [-128, 0]
        for (let c = 0; c < depth; c++) most = Math.max(most, xs![row + c]!)
        for (let c = 0; c < depth; c++) {
          const down = xs![row + c]! - most
          if (down >= least) sum = (sum + roundingShift(expOfNegative(rescale(down, mantissa, shift), INPUT_BITS), SUM_BITS)) | 0
        }
        const log = logOf(sum, SUM_BITS, INPUT_BITS)
        const floor = Math.max(least - 1, rescale(log - 2 ** 31, back.mantissa, back.shift))
        for (let c = 0; c < depth; c++) {
          const down = xs![row + c]! - most
          const steps = down > floor ? roundingShift((rescale(down, mantissa, shift) - log) | 0, 31 - INPUT_BITS - OUTPUT_BITS) + 127 : -128
          ys![row + c] = Math.min(127, Math.max(-128, steps))
        }
      }
    }
  },
  examples: [{ shapes: [[1, 10]] }, { shapes: [[2, 3, 5]] }],
})
