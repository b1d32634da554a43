/**
 * What an activation answers and its slope, together: they share their exponential. Kinds are known when the loop is
 * compiled: identity 0, base 1, swish 2, gelu 3, mish 4, elu 5; the base is min(max(x, 0), top), ReLU with top infinite,
 * ReLU6 with 6. Mixes: none 0, weighted 1 (Utasi 2022, Eq. 1), stochastic 2 (Eq. 3). Each is x times a share that
 * goes from 0 to 1, and its slope is that share plus a bend: gelu by erf (Abramowitz and Stegun 7.1.26, error below 1.5e-7), mish by
 * rational forms of e^x with one division, without tanh or softplus.
 * What changes from step to step lies in memory, so that a compiled plan stays as it is: alpha f32, below i32 (the
 * draw's threshold), key i32.
 */

import { a1, a2, a3, a4, a5, half, highest, minusHalf, normalPeak, p0, rootHalf, twenty, zero } from './constants.as'
import { atLeast, atMost, expBy, multiplyAdd, some } from './lanes.as'

/** The normal distribution function at x, given e^(-x^2 / 2). */
@inline
function normal(x: v128, e: v128, unit: v128): v128 {
  const t = f32x4.div(unit, multiplyAdd(f32x4.mul(f32x4.abs(x), rootHalf), p0, unit))
  let p = multiplyAdd(a5, t, a4)
  p = multiplyAdd(p, t, a3)
  p = multiplyAdd(p, t, a2)
  p = multiplyAdd(p, t, a1)
  const tail = f32x4.mul(f32x4.mul(f32x4.mul(p, t), e), half)
  return v128.bitselect(tail, f32x4.sub(unit, tail), f32x4.lt(x, zero))
}

@inline
export function base(x: v128, top: v128): v128 {
  return atMost(atLeast(x, zero), top)
}

/** All ones where the base rises. */
@inline
function inside(x: v128, top: v128): v128 {
  return v128.and(f32x4.gt(x, zero), f32x4.lt(x, top))
}

@inline
export function baseSlope(x: v128, top: v128): v128 {
  return v128.and(inside(x, top), f32x4.splat(1))
}

/**
 * Writes the slope at x to `slope` and then the answer to `z`, which may be the same place where slopes are not wanted (a branch costs more); `lanes` of four elements. `mask` says where the base was drawn.
 * `beta` is negative; `capped` is 0 where the base has no top. Constants are the loop's locals (lanes.as.ts).
 */
@inline
export function respond(kind: i32, mix: i32, capped: i32, x: v128, mask: v128, z: usize, slope: usize, lanes: i32, top: v128, beta: v128, alpha: v128, rest: v128, low: v128, log: v128, big: v128, c5: v128, c4: v128, c3: v128, c2: v128, c1: v128, unit: v128, two: v128, none: v128): void {
  if (kind < 2) {
    some(z, kind == 0 ? x : base(x, top), lanes)
    return
  }
  if (kind == 5) {
    const e = expBy(atMost(x, none), low, log, big, c5, c4, c3, c2, c1, unit), positive = f32x4.gt(x, none)
    const f = v128.bitselect(x, f32x4.sub(e, unit), positive), s = v128.bitselect(unit, e, positive)
    const b = capped ? base(x, top) : atLeast(x, none), rises = capped ? inside(x, top) : positive
    some(slope, mix == 1 ? multiplyAdd(s, rest, v128.and(rises, alpha)) : v128.bitselect(v128.and(rises, unit), s, mask), lanes)
    some(z, mix == 1 ? multiplyAdd(b, alpha, f32x4.mul(f, rest)) : v128.bitselect(b, f, mask), lanes)
    return
  }
  let share = unit, bend = unit
  if (kind == 2) {
    const scaled = f32x4.mul(x, beta)
    share = f32x4.div(unit, f32x4.add(unit, expBy(atMost(scaled, highest), low, log, big, c5, c4, c3, c2, c1, unit)))
    bend = f32x4.mul(f32x4.mul(scaled, share), f32x4.sub(share, unit))
  }
  if (kind == 3) {
    const e = expBy(f32x4.mul(f32x4.mul(x, x), minusHalf), low, log, big, c5, c4, c3, c2, c1, unit)
    share = normal(x, e, unit)
    bend = f32x4.mul(f32x4.mul(x, e), normalPeak)
  }
  if (kind == 4) {
    // tanh(log(1 + e^x)) = 1 - w with w = 2 / (p^2 + 1), p = e^x + 1, and its slope is e^x p w^2; it is 1 in float32 from x = 20 on.
    const e = expBy(atMost(x, twenty), low, log, big, c5, c4, c3, c2, c1, unit), p = f32x4.add(e, unit)
    const w = f32x4.div(two, multiplyAdd(p, p, unit))
    if (mix == 1 && !capped) {
      // The general form below in fewer steps.
      const less = f32x4.mul(w, rest), mixed = f32x4.sub(f32x4.add(v128.and(f32x4.gt(x, none), alpha), rest), less)
      some(slope, multiplyAdd(f32x4.mul(x, less), f32x4.mul(f32x4.mul(e, p), w), mixed), lanes)
      some(z, f32x4.mul(x, mixed), lanes)
      return
    }
    share = f32x4.sub(unit, w)
    bend = f32x4.mul(f32x4.mul(x, w), f32x4.mul(f32x4.mul(e, p), w))
  }
  if (capped) {
    const b = base(x, top), rises = inside(x, top), f = f32x4.mul(x, share), s = f32x4.add(share, bend)
    some(slope, mix == 1 ? multiplyAdd(s, rest, v128.and(rises, alpha)) : v128.bitselect(v128.and(rises, unit), s, mask), lanes)
    some(z, mix == 1 ? multiplyAdd(b, alpha, f32x4.mul(f, rest)) : v128.bitselect(b, f, mask), lanes)
    return
  }
  // ReLU is x times a step, so the mixture is x times a mixture of step and share.
  const rises = f32x4.gt(x, none)
  const mixed = mix == 1 ? multiplyAdd(share, rest, v128.and(rises, alpha)) : v128.bitselect(v128.and(rises, unit), share, mask)
  some(slope, mix == 1 ? multiplyAdd(bend, rest, mixed) : f32x4.add(v128.andnot(bend, mask), mixed), lanes)
  some(z, f32x4.mul(x, mixed), lanes)
}

/**
 * Which of the compiled loops an activation takes now: 0 identity, 1 base, then two a kind, weighted and stochastic. At alpha = 1 an ensemble is its base to the bit; at alpha = 0 a stochastic one draws nothing.
 */
@inline
export function loopOf(kind: i32, mix: i32, state: usize): i32 {
  if (kind < 2) return kind
  if (mix == 0) return 2 * kind - 2
  const alpha = load<f32>(state)
  if (alpha >= 1) return 1
  return 2 * kind - 2 + (mix == 2 && alpha > 0 ? 1 : 0)
}

/** Alpha of the weighted loops: a plain smooth activation is the weighted form at 0. */
@inline
export function shareOf(mix: i32, state: usize): f32 {
  return mix == 0 ? 0 : load<f32>(state)
}
