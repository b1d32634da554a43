/** Sums and differences in integers: both inputs brought to twice the larger scale, 20 bits up (15 for 16-bit steps), as TFLite's ADD and SUB do. */
import { multiplier, rescale } from '../../math/requantise.ts'
import type { Kernel, Operand } from '../define.ts'
import { eachPair } from './binary.ts'
import { stepRange } from './fused.ts'
import { scaleOf, zeroOf } from './scale.ts'

export function liftedPair(fused: string, inputs: readonly Operand[], y: Operand, meet: (a: number, b: number) => number): Kernel {
  const [a, b] = inputs as readonly [Operand, Operand]
  const [twice, up] = [2 * Math.max(scaleOf(a), scaleOf(b)), y.dtype === 'int16' ? 15 : 20]
  const { mantissa, shift } = multiplier(twice / (2 ** up * scaleOf(y)))
  const [low, high] = stepRange(fused, y)
  const zero = zeroOf(y)
  const close = (sum: number) => Math.min(high, Math.max(low, rescale(sum, mantissa, shift) + zero))
  const [liftA, liftB] = [lifted(a, twice, up), lifted(b, twice, up)]
  if (y.dtype === 'int16') return eachPair(inputs, [y], (p, q) => close(meet(liftA(p), liftB(q))))
  const [tableA, tableB] = [table(liftA), table(liftB)]
  return eachPair(inputs, [y], (p, q) => close(meet(tableA[p + 128]!, tableB[q + 128]!)))
}

/** Lifts a step of an input. */
function lifted(x: Operand, twice: number, up: number): (q: number) => number {
  const [{ mantissa, shift }, zero] = [multiplier(scaleOf(x) / twice), zeroOf(x)]
  return (q) => rescale((q - zero) << up, mantissa, shift)
}

/** Each of the 256 steps of an int8 input, lifted. */
const table = (lift: (q: number) => number): Int32Array => Int32Array.from({ length: 256 }, (_, i) => lift(i - 128))
