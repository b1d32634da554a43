/** Sums and differences in int8: both inputs brought to twice the larger scale, 20 bits up, as TFLite's ADD and SUB do. */
import { multiplier, rescale } from '../../math/requantise.ts'
import type { Kernel, Operand } from '../define.ts'
import { eachPair } from './binary.ts'
import { stepRange } from './fused.ts'
import { scaleOf, zeroOf } from './scale.ts'

export function liftedPair(fused: string, inputs: readonly Operand[], y: Operand, meet: (a: number, b: number) => number): Kernel {
  const [a, b] = inputs as readonly [Operand, Operand]
  const twice = 2 * Math.max(scaleOf(a), scaleOf(b))
  const [tableA, tableB] = [lifted(a, twice), lifted(b, twice)]
  const { mantissa, shift } = multiplier(twice / (2 ** 20 * scaleOf(y)))
  const [low, high] = stepRange(fused, y)
  const zero = zeroOf(y)
  return eachPair(inputs, [y], (p, q) =>
    Math.min(high, Math.max(low, rescale(meet(tableA[p + 128]!, tableB[q + 128]!), mantissa, shift) + zero)),
  )
}

/** Each of the 256 steps of an input, lifted. */
function lifted(x: Operand, twice: number): Int32Array {
  const { mantissa, shift } = multiplier(scaleOf(x) / twice)
  return Int32Array.from({ length: 256 }, (_, i) => rescale((i - 128 - zeroOf(x)) << 20, mantissa, shift))
}
