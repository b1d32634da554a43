/** Two tensors, element by element, with NumPy's broadcasting. */
import { type Shape, size } from '../../ir/graph.ts'
import type { Kernel, Operand } from '../define.ts'
import { realRange } from './fused.ts'
import { eachIndex, stridesOf } from './gather.ts'

/** The shape that two shapes broadcast to. */
export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const [m, n] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1]
    if (m !== n && m !== 1 && n !== 1) throw new Error(`shapes [${a}] and [${b}] do not broadcast`)
    return m === 1 ? n : m
  })
}

/** For each output element the element of an input that it reads; undefined where that is the same one. */
export function reads(from: Shape, out: Shape): Int32Array | undefined {
  if (size(from) === size(out)) return undefined
  const strides = stridesOf(from)
  const skip = out.length - from.length
  const table = new Int32Array(size(out))
  eachIndex(out, (index, at) => {
    table[at] = from.reduce((sum, extent, axis) => sum + (extent === 1 ? 0 : index[axis + skip]! * strides[axis]!), 0)
  })
  return table
}

/** Writes f of each pair of elements. */
export function eachPair([a, b]: readonly Operand[], [y]: readonly Operand[], f: (a: number, b: number) => number): Kernel {
  const [ra, rb] = [reads(a!.shape, y!.shape), reads(b!.shape, y!.shape)]
  if (!ra && !rb)
    return ([p, q], [to]) => {
      for (let i = 0; i < to!.length; i++) to![i] = f(p![i]!, q![i]!)
    }
  return ([p, q], [to]) => {
    for (let i = 0; i < to!.length; i++) to![i] = f(p![ra ? ra[i]! : i]!, q![rb ? rb[i]! : i]!)
  }
}

/** The float kernel of an operator with a fused clamp. */
export function realPair(
  fused: string,
  inputs: readonly Operand[],
  outputs: readonly Operand[],
  f: (a: number, b: number) => number,
): Kernel {
  const [low, high] = realRange(fused)
  return eachPair(inputs, outputs, (a, b) => Math.min(high, Math.max(low, f(a, b))))
}

/** Facts of any broadcasting pair. */
export const pairFacts = ([a, b]: readonly Operand[]) => ({
  broadcast: size(a!.shape) !== size(b!.shape),
  constantOperand: a!.data !== undefined || b!.data !== undefined,
})
