/** The interval that a clamp, fused or by itself, leaves open, in reals and in steps. */
import type { Operand } from '../define.ts'
import { limitsOf, quantised } from './scale.ts'

const intervals: Readonly<Record<string, readonly [number, number]>> = {
  relu: [0, Infinity],
  relu6: [0, 6],
  'relu-n1-to-1': [-1, 1],
  'relu-0-to-1': [0, 1],
}

/** The real interval. TANH and SIGN_BIT are no clamps; no reference kernel computes them fused. */
export function realRange(fused: string): readonly [number, number] {
  if (fused === 'tanh' || fused === 'sign-bit') throw new Error(`a fused ${fused} has no reference kernel`)
  return intervals[fused] ?? [-Infinity, Infinity]
}

/** The integer interval of an output (TFLite's CalculateActivationRangeQuantized). */
export function stepRange(fused: string, y: Operand): readonly [number, number] {
  const [low, high] = realRange(fused)
  const [min, max] = limitsOf(y)
  return [low === -Infinity ? min : Math.max(min, quantised(low, y)), high === Infinity ? max : Math.min(max, quantised(high, y))]
}
