/** Moving without arithmetic: each output element is one input element, or blank. */
import { type Elements, type Shape, size } from '../../ir/graph.ts'
import type { Kernel } from '../define.ts'

/** Copies the first input as it is. */
export const copy: Kernel = ([from], [to]) => to!.set(from as never)

/** Elements between two neighbours along each axis. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length)
  for (let axis = shape.length - 1, step = 1; axis >= 0; step *= shape[axis]!, axis--) strides[axis] = step
  return strides
}

/** Calls `visit` with the coordinates of every element of a shape, in row-major order. */
export function eachIndex(shape: Shape, visit: (index: readonly number[], at: number) => void): void {
  const index = shape.map(() => 0)
  for (let at = 0, n = size(shape); at < n; at++) {
    visit(index, at)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis]! < shape[axis]!) break
      index[axis] = 0
    }
  }
}

/** Prepares a gather: `source` gives the flat input index for output coordinates, or -1 for `blank`, a number or the first element of an input. */
export function gather(out: Shape, source: (index: readonly number[]) => number, blank: number | { readonly input: number } = 0): Kernel {
  const from = new Int32Array(size(out))
  eachIndex(out, (index, at) => {
    from[at] = source(index)
  })
  return (inputs, [y]) => {
    const [x, filling] = [inputs[0]!, typeof blank === 'number' ? blank : inputs[blank.input]![0]!]
    for (let i = 0; i < from.length; i++) y![i] = from[i]! < 0 ? filling : x[from[i]!]!
  }
}

/** Whole numbers of a constant operand, such as a shape or an axis. */
export function constant(operand: { readonly data?: unknown } | undefined, what: string): number[] {
  const data = operand?.data as Elements | BigInt64Array | undefined
  if (!data) throw new Error(`its ${what} must be constant`)
  return Array.from(data as ArrayLike<number | bigint>, Number)
}

/** An axis counted from the front; negative ones count from the back. */
export function axisOf(axis: number, rank: number): number {
  const at = axis < 0 ? axis + rank : axis
  if (at < 0 || at >= rank) throw new Error(`axis ${axis} lies outside rank ${rank}`)
  return at
}
