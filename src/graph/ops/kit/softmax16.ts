/** SOFTMAX in int16: exponentials and a reciprocal by tables of 513 entries with straight lines between, in steps of 1/32768. */
import { multiplier, rescale } from '../../math/requantise.ts'
import type { Kernel, Operand } from '../define.ts'
import { scaleOf } from './scale.ts'
import { lookUp16, table16 } from './table16.ts'

const f32 = Math.fround
const saturated = (x: number): number => Math.min(32767, Math.max(-32768, x))

export function softmax16(beta: number, x: Operand): Kernel {
  const depth = x.shape.at(-1) ?? 1
  const exps = table16(f32(10 / 65535), 32767, f32(2 / 65535), Math.exp)
  const reciprocals = table16(f32(1 / 65535), -32768, f32(2 / 65535), (v) => f32(1 / f32(1 + v)))
  const { mantissa, shift } = multiplier((scaleOf(x) * beta) / (10 / 65535))
  const row = new Int16Array(depth)
  return ([xs], [ys]) => {
    for (let from = 0; from < ys!.length; from += depth) {
      let [most, sum] = [-32768, 0] // The sum is Q15.
      for (let c = 0; c < depth; c++) most = Math.max(most, xs![from + c]!)
      for (let c = 0; c < depth; c++) sum += row[c] = lookUp16(saturated(rescale(xs![from + c]! - most, mantissa, shift) + 32767), exps)
      const lead = Math.clz32(sum)
      const rest = Math.floor((sum * 2 ** (lead - 1) + 2 ** 13) / 2 ** 14) // the sum in [1, 2), Q16
      const reciprocal = lookUp16(saturated(rest - 2 ** 15 - 2 ** 16), reciprocals)
      const down = 31 - lead
      for (let c = 0; c < depth; c++) {
        const value = Math.floor((row[c]! * reciprocal + 2 ** (down - 1)) / 2 ** down)
        ys![from + c] = Math.min(32767, Math.max(0, value))
      }
    }
  }
}
