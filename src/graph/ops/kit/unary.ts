/** Element by element: a real function, and a table of 256 entries for int8. */
import type { Shape } from '../../ir/graph.ts'
import { multiplier, rescale, roundAway } from '../../math/requantise.ts'
import { activation, type Kernel, type Operand } from '../define.ts'
import { limitsOf, scaleOf, zeroOf } from './scale.ts'

/** Writes f of each element. */
export const each =
  (f: (x: number) => number): Kernel =>
  ([from], [to]) => {
    for (let i = 0; i < to!.length; i++) to![i] = f(from![i]!)
  }

/** An integer kernel that looks each step up in a table of `step`, clamped to the output's dtype, which is the input's. */
export function lookUp(y: Operand, step: (q: number) => number): Kernel {
  const [min, max] = limitsOf(y)
  const table = Int32Array.from({ length: max - min + 1 }, (_, i) => Math.min(max, Math.max(min, step(i + min))))
  return ([from], [to]) => {
    for (let i = 0; i < to!.length; i++) to![i] = table[from![i]! - min]!
  }
}

/** TFLite's LUTPopulate: the table of a real function, computed in float32. */
export function lookUpReal(x: Operand, y: Operand, f: (x: number) => number): Kernel {
  const inverse = Math.fround(1 / scaleOf(y))
  return lookUp(y, (q) => roundAway(Math.fround(Math.fround(f(Math.fround(scaleOf(x) * (q - zeroOf(x))))) * inverse)) + zeroOf(y))
}

/** Everything that operators of one input and no options have in common, but family, name and kernels. */
export const pointwise = {
  attrs: {},
  roles: { in: [activation], out: [activation] },
  infer: (_: unknown, [x]: readonly Operand[]): Shape[] => [x!.shape],
  macs: () => 0,
  facts: () => ({}),
  examples: [{ shapes: [[1, 4, 4, 3]] }, { shapes: [[2, 7]] }],
} as const

/** A clamp with a scale of its own on each side: to steps of the output, then into [low, high] steps. The ratio is a float32, as TFLite forms it. */
export function clampTo(x: Operand, y: Operand, [low, high]: readonly [number, number]): Kernel {
  const { mantissa, shift } = multiplier(Math.fround(scaleOf(x) / scaleOf(y)))
  const [from, to] = [zeroOf(x), zeroOf(y)]
  return lookUp(y, (q) => Math.min(high, Math.max(low, rescale(q - from, mantissa, shift) + to)))
}
