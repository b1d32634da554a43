/** What the PAD operators share: paddings, output shape, facts, and where an element of the output comes from. */
import type { Shape } from '../../ir/graph.ts'
import type { Kernel, Operand } from '../define.ts'
import { constant, gather, stridesOf } from './gather.ts'

/** Everything in common but name, inputs and kernels. */
export const widening = {
  attrs: {},
  family: 'move',
  infer: (_: unknown, [x, by]: readonly Operand[]): Shape[] => {
    const widths = constant(by, 'paddings')
    if (widths.length !== 2 * x!.shape.length || widths.some((n) => n < 0))
      throw new Error(`its paddings [${widths}] do not fit an input of rank ${x!.shape.length}`)
    return [x!.shape.map((extent, i) => extent + widths[2 * i]! + widths[2 * i + 1]!)]
  },
  macs: () => 0,
  facts: (_: unknown, [x, by]: readonly Operand[]) => {
    const widths = by!.data ? constant(by, 'paddings') : []
    const rank = x!.shape.length
    return {
      paddingsConstant: by!.data !== undefined,
      padsBatch: (widths[0] ?? 0) + (widths[1] ?? 0) > 0,
      padsChannels: (widths[2 * rank - 2] ?? 0) + (widths[2 * rank - 1] ?? 0) > 0,
    }
  },
} as const

/** `outside` maps a coordinate beyond an axis of `extent` elements to one within it, or to -1 for `blank`. */
export function widen(
  [x, by]: readonly Operand[],
  y: Operand,
  blank: number | { readonly input: number },
  outside: (at: number, extent: number) => number = () => -1,
): Kernel {
  const widths = constant(by, 'paddings')
  const strides = stridesOf(x!.shape)
  const source = (at: readonly number[]) => {
    let sum = 0
    for (let axis = 0; axis < at.length; axis++) {
      const [placed, extent] = [at[axis]! - widths[2 * axis]!, x!.shape[axis]!]
      const from = placed < 0 || placed >= extent ? outside(placed, extent) : placed
      if (from < 0) return -1
      sum += from * strides[axis]!
    }
    return sum
  }
  return gather(y.shape, source, blank)
}
