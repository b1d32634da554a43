/** SOFTMAX in int16: exponentials and a reciprocal by tables of 513 entries with straight lines between, in steps of 1/32768. */
import { multiplier, rescale, roundAway } from '../../math/requantise.ts'
import type { Kernel, Operand } from '../define.ts'
import { scaleOf } from './scale.ts'

const f32 = Math.fround

/**
 * A function of 16-bit steps as 513 entries, each less half of what the line to the next is off in the middle; float32 throughout, as in
 * TFLite's LUTPopulate.
 */
export function table16(scaleX: number, zeroX: number, scaleY: number, f: (x: number) => number): Int16Array {
  const [first, last] = [f32(scaleX * (-32768 - zeroX)), f32(scaleX * (32767 - zeroX))]
  const step = f32(f32(last - first) / 512)
  const inverse = f32(65536 / f32(f32(scaleY * 32767) - f32(scaleY * -32768)))
  const at = (x: number) => f32(f32(f(f32(x))) * inverse)
  const entry = (i: number) => {
    const x = f32(first + f32(i * step))
    const [here, middle, next] = [roundAway(at(x)), roundAway(at(x + f32(step / 2))), at(first + f32((i + 1) * step))]
    return here - roundAway((roundAway(f32(f32(next + here) / 2)) - middle) / 2)
  }
  const clamp = (v: number) => Math.min(32767, Math.max(-32768, v))
  return Int16Array.from({ length: 513 }, (_, i) => clamp(i < 512 ? entry(i) : roundAway(at(last))))
}

/** The value of a table at a 16-bit step. */
function lookUp16(step: number, table: Int16Array): number {
  const i = 256 + (step >> 7)
  return table[i]! + (((table[i + 1]! - table[i]!) * (step & 127) + 64) >> 7)
}

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
