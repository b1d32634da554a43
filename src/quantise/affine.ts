/** From ranges and weights to scales, and from real values to integers (TFLite 8-bit quantisation specification). */
import type { Quant } from '../graph/ir/graph.ts'
import type { Range } from './methods/define.ts'
import { allowedScale, type Scheme, tfliteScheme } from './scheme.ts'

/** A range narrower than this holds one value in practice; a scale made of it would overflow a multiplier. */
const narrowest = 1e-6

/** int8 for a tensor, asymmetric unless the scheme says otherwise. The range is widened to hold 0, and 0 falls exactly on the zero point. */
export function affine({ min, max }: Range, scheme: Scheme = tfliteScheme): Quant {
  const [low, high] = [Math.min(min, 0), Math.max(max, 0)]
  if (scheme.symmetric) return perTensor(allowedScale(Math.max(high, -low, narrowest) / 127, scheme), 0)
  const scale = allowedScale(Math.max(high - low, narrowest) / 255, scheme)
  return perTensor(scale, Math.min(127, Math.max(-128, Math.round(-128 - low / scale))))
}

export const perTensor = (scale: number, zero: number): Quant => ({ scale: [Math.fround(scale)], zero: [zero], axis: 0 })

/** What a per-tensor int8 quantisation can say. */
export const covers = ({ scale, zero }: Quant): Range => ({ min: scale[0]! * (-128 - zero[0]!), max: scale[0]! * (127 - zero[0]!) })

export const equal = (a: Quant, b: Quant): boolean =>
  a.scale.length === b.scale.length && a.scale.every((s, i) => s === b.scale[i] && a.zero[i] === b.zero[i]) && a.axis === b.axis

/** For each element, its index along `axis`; for axis -1 always 0. */
export function channelOf(shape: readonly number[], axis: number): (element: number) => number {
  if (axis < 0) return () => 0
  const [inner, n] = [shape.slice(axis + 1).reduce((a, b) => a * b, 1), shape[axis]!]
  return (i) => Math.floor(i / inner) % n
}

/** Rounds half away from zero, as the format's own tools do, and clamps. */
export const quantised = (value: number, scale: number, zero: number, low: number, high: number): number => {
  const steps = value / scale
  return Math.min(high, Math.max(low, (steps < 0 ? -Math.round(-steps) : Math.round(steps)) + zero))
}
