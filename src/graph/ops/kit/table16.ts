/** Functions of 16-bit steps: tables of 513 entries with straight lines between (TFLite's LUTPopulate and LUTLookup). */
import { roundAway } from '../../math/requantise.ts'
import type { Kernel, Operand } from '../define.ts'
import { scaleOf, zeroOf } from './scale.ts'

const f32 = Math.fround

/**
 * A function of 16-bit steps as 513 entries, each less half of what the line to the next is off in the middle; float32 throughout, as in
 * the original.
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
export function lookUp16(step: number, table: Int16Array): number {
  const i = 256 + (step >> 7)
  return table[i]! + (((table[i + 1]! - table[i]!) * (step & 127) + 64) >> 7)
}

/** An integer kernel of a real function; the output's zero point is 0. */
export function tabulated(x: Operand, y: Operand, f: (x: number) => number): Kernel {
  const table = table16(scaleOf(x), zeroOf(x), scaleOf(y), f)
  return ([from], [to]) => {
    for (let i = 0; i < to!.length; i++) to![i] = lookUp16(from![i]!, table)
  }
}
