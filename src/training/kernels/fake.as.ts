/**
 * Fake quantisation: values as int8 says them, in float. Steps are rounded half away from zero, as quantise/affine.ts does; the
 * gradient goes straight through where nothing was clipped (Jacob et al. 2018, Sec. 3; Bengio et al. 2013).
 */

import { some } from './lanes.as'

@inline
function steps(x: v128, inverse: v128): v128 {
  const s = f32x4.mul(x, inverse)
  return f32x4.trunc(f32x4.add(s, v128.or(v128.and(s, f32x4.splat(-0.0)), f32x4.splat(0.5))))
}

/** y = scale clamp(round(x / scale), low, high), low and high in steps from zero; elements `from` to `to`. */
export function fakeQuantise(x: usize, y: usize, scale: f32, low: f32, high: f32, from: i32, to: i32): void {
  const inverse = f32x4.splat(1 / scale), s = f32x4.splat(scale), bottom = f32x4.splat(low), top = f32x4.splat(high)
  for (let e = from; e < to; e += 4) {
    const q = f32x4.min(f32x4.max(steps(v128.load(x + (e << 2)), inverse), bottom), top)
    some(y + (e << 2), f32x4.mul(q, s), to - e)
  }
}

/** dx = dy where x was not clipped, else 0; dx may be dy. */
export function fakeQuantiseGradient(x: usize, dy: usize, dx: usize, scale: f32, low: f32, high: f32, from: i32, to: i32): void {
  const inverse = f32x4.splat(1 / scale), bottom = f32x4.splat(low), top = f32x4.splat(high)
  for (let e = from; e < to; e += 4) {
    const q = steps(v128.load(x + (e << 2)), inverse)
    const inside = v128.and(f32x4.ge(q, bottom), f32x4.le(q, top))
    some(dx + (e << 2), v128.and(v128.load(dy + (e << 2)), inside), to - e)
  }
}

/**
 * w [rows, columns] in 255 symmetric steps, a scale a column, or one in all where `whole`; the next power of two where `even`.
 * `scales` is room for a float a column.
 */
export function fakeWeights(w: usize, into: usize, scales: usize, rows: i32, columns: i32, whole: i32, even: i32): void {
  memory.fill(scales, 0, columns << 2)
  for (let r = 0, p = w; r < rows; r++) for (let c = 0; c < columns << 2; c += 4, p += 4) {
    const q = scales + (whole ? 0 : c), v = abs(load<f32>(p))
    if (v > load<f32>(q)) store<f32>(q, v)
  }
  for (let c = 0; c < columns << 2; c += 4) {
    const peak = load<f32>(scales + (whole ? 0 : c))
    if (!whole || c == 0) store<f32>(scales + c, <f32>(even ? nextPower(<f64>peak / 127) : <f64>peak / 127))
  }
  for (let r = 0, p: usize = 0; r < rows; r++) for (let c = 0; c < columns << 2; c += 4, p += 4) {
    const scale = load<f32>(scales + (whole ? 0 : c))
    const q = scale > 0 ? <f64>load<f32>(w + p) / <f64>scale : 0
    store<f32>(into + p, scale * <f32>max<f64>(-127, min<f64>(127, q < 0 ? -floor(0.5 - q) : floor(q + 0.5))))
  }
}

/** The power of two at or above x. */
@inline
function nextPower(x: f64): f64 {
  const bits = reinterpret<u64>(x), whole = bits & 0x7ff0000000000000
  return reinterpret<f64>(bits == whole ? bits : whole + 0x0010000000000000)
}
