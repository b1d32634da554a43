/** Scales and zero points of a room's operands, and the multipliers between them. */
import { type Multiplier, multiplier, multipliers, roundAway } from '../../math/requantise.ts'
import type { Operand } from '../define.ts'

/** The scale of a tensor that has one. */
export function scaleOf({ quant }: Operand): number {
  if (!quant) throw new Error('broken promise: an integer kernel met a tensor without scale')
  return quant.scale[0]!
}
export const zeroOf = ({ quant }: Operand): number => quant?.zero[0] ?? 0

/** The integers that a dtype can hold. */
export const limitsOf = ({ dtype }: Pick<Operand, 'dtype'>): readonly [number, number] =>
  dtype === 'int8' ? [-128, 127] : dtype === 'uint8' ? [0, 255] : dtype === 'int16' ? [-32768, 32767] : [-(2 ** 31), 2 ** 31 - 1]

/** The quantised value of a real one, divided in float32 and rounded half away from zero, as TFLite does; not clamped. */
export const quantised = (real: number, y: Operand): number => roundAway(Math.fround(real / scaleOf(y))) + zeroOf(y)

/** From x's steps to y's, the ratio in double. */
export const ratio = (x: Operand, y: Operand): Multiplier => multiplier(scaleOf(x) / scaleOf(y))

/** From accumulators (x times weights) to y's steps, one for each channel, in double (TFLite's PopulateConvolutionQuantizationParams). */
export function channelMultipliers(x: Operand, w: Operand, y: Operand, channels: number) {
  const scales = w.quant!.scale
  return multipliers(Array.from({ length: channels }, (_, c) => (scaleOf(x) * (scales.length > 1 ? scales[c]! : scales[0]!)) / scaleOf(y)))
}

/** Whether two operands read the same steps as the same reals. */
export const sameQuant = (a: Operand, b: Operand): boolean =>
  a.quant === b.quant || (!!a.quant && !!b.quant && scaleOf(a) === scaleOf(b) && zeroOf(a) === zeroOf(b))

/** Dtype int8 came to most operators with version 2. */
export const secondForInt8 = (_: unknown, [x]: readonly (Operand | undefined)[]): number =>
  x?.dtype === 'int16' ? 3 : x?.dtype === 'int8' ? 2 : 1
