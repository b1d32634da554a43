/** 16-bit activations with 8-bit weights (16x8): sums in 64 bits, which a double holds exactly, under a 64-bit bias. */
import type { Elements } from '../../ir/graph.ts'
import { rescaleWide } from '../../math/requantise.ts'
import type { Operand } from '../define.ts'

type Numbers = ArrayLike<number> | undefined

/** The numbers of a bias; those of a constant one are made once. */
export function biasNumbers(b: Operand | undefined): (elements: Elements | undefined) => Numbers {
  if (b && b.dtype !== 'int64' && b.dtype !== 'float32') throw new Error(`16-bit activations take a bias of int64, not of ${b.dtype}`)
  const known = b?.data instanceof BigInt64Array ? Float64Array.from(b.data, Number) : undefined
  return (elements) => known ?? ((elements as unknown) instanceof BigInt64Array ? Float64Array.from(elements as never, Number) : elements)
}

/** Makes a step of the output, whose zero point is 0, of the sum of channel `o`. */
export const wideStep =
  (
    { mantissa, shift }: { readonly mantissa: Int32Array; readonly shift: Int32Array },
    [low, high]: readonly [number, number],
    scaled = rescaleWide,
  ) =>
  (sum: number, o: number): number =>
    Math.min(high, Math.max(low, scaled(sum, mantissa[o]!, shift[o]!)))
