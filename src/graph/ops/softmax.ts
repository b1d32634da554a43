/** SOFTMAX along the last axis; in int8 by fixed-point exponentials and a fixed-point reciprocal, in steps of 1/256. */
import { size } from '../ir/graph.ts'
import { expOfNegative, reciprocal } from '../math/fixed-point.ts'
import { highMultiply, multiplier, rescale, roundingShift } from '../math/requantise.ts'
import { activation, defineOp, fixed, float } from './define.ts'
import { scaleOf, secondForInt8 } from './kit/scale.ts'
import { softmax16 } from './kit/softmax16.ts'

export const softmax = defineOp({
  name: 'softmax',
  tflite: { code: 25, options: 9, version: secondForInt8 },
  attrs: { beta: float(0) },
  family: 'softmax',
  roles: { in: [activation], out: [fixed(1 / 256, -128)] },
  infer: (_, [x]) => [x.shape],
  macs: () => 0,
  facts: ({ beta }, [x]) => ({ beta, depth: x.shape.at(-1) ?? 1, rows: size(x.shape) / (x.shape.at(-1) ?? 1) }),
  float: ({ beta }, [x]) => {
    const depth = x.shape.at(-1) ?? 1
    return ([xs], [ys]) => {
      for (let row = 0; row < ys!.length; row += depth) {
        let most = -Infinity
        for (let c = 0; c < depth; c++) most = Math.max(most, xs![row + c]!)
        let sum = 0
        for (let c = 0; c < depth; c++) sum += Math.exp((xs![row + c]! - most) * beta)
        for (let c = 0; c < depth; c++) ys![row + c] = Math.exp((xs![row + c]! - most) * beta) / sum
      }
    }
  },
  authority: { int16: 'tflm' },
  int8: ({ beta }, [x]) => {
    if (x.dtype === 'int16') return softmax16(beta, x)
    const depth = x.shape.at(-1) ?? 1
    const exps = exponentials(beta, scaleOf(x))
    return ([xs], [ys]) => {
      for (let row = 0; row < ys!.length; row += depth) {
        let most = -128
        for (let c = 0; c < depth; c++) most = Math.max(most, xs![row + c]!)
        let sum = 0 // Q12
        for (let c = 0; c < depth; c++) {
          const e = exps[most - xs![row + c]!]!
          if (e >= 0) sum = (sum + roundingShift(e, 12)) | 0
        }
        const headroom = Math.clz32(sum)
        const scale = reciprocal(((sum << headroom) >>> 0) - 2 ** 31)
        const exponent = 12 - headroom + 31 - 8
        for (let c = 0; c < depth; c++) {
          const e = exps[most - xs![row + c]!]!
          ys![row + c] = e < 0 ? -128 : Math.min(127, roundingShift(highMultiply(scale, e), exponent) - 128)
        }
      }
    }
  },
  examples: [
    { attrs: { beta: 1 }, shapes: [[1, 10]] },
    { attrs: { beta: 1 }, shapes: [[2, 3, 5]] },
  ],
})

/** exp of each difference of steps below the largest, in Q0; -1 where it is too small to count (TFLite's diff_min). */
function exponentials(beta: number, scale: number): Int32Array {
  const { mantissa, shift } = multiplier(Math.min(beta * scale * 2 ** 26, 2 ** 31 - 1))
  const radius = Math.floor((31 * 2 ** 26) / 2 ** shift)
  return Int32Array.from({ length: 256 }, (_, down) => (down > radius ? -1 : expOfNegative(rescale(-down, mantissa, shift), 5)))
}
