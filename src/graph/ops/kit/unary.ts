/** Element by element: a real function, and a table of 256 entries for int8. */
import { roundAway } from '../../math/requantise.ts'
import type { Kernel, Operand } from '../define.ts'
import { limitsOf, scaleOf, zeroOf } from './scale.ts'

/** Writes f of each element. */
export const each =
  (f: (x: number) => number): Kernel =>
  ([from], [to]) => {
    for (let i = 0; i < to!.length; i++) to![i] = f(from![i]!)
  }

/** An int8 kernel that looks each step up in a table of `step`, clamped to the output's dtype. */
export function lookUp(y: Operand, step: (q: number) => number): Kernel {
  const [min, max] = limitsOf(y)
  const table = Int32Array.from({ length: 256 }, (_, i) => Math.min(max, Math.max(min, step(i - 128))))
  return ([from], [to]) => {
    for (let i = 0; i < to!.length; i++) to![i] = table[from![i]! + 128]!
  }
}

/** TFLite's LUTPopulate: the table of a real function, computed in float32. */
export function lookUpReal(x: Operand, y: Operand, f: (x: number) => number): Kernel {
  const inverse = Math.fround(1 / scaleOf(y))
  return lookUp(y, (q) => roundAway(Math.fround(Math.fround(f(Math.fround(scaleOf(x) * (q - zeroOf(x))))) * inverse)) + zeroOf(y))
}
