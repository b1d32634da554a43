/**
 * What an activation answers and its slope, together: they share their exponential. Kinds are known when the loop is
 * compiled: identity 0, base 1, swish 2, gelu 3, mish 4, elu 5; the base is min(max(x, 0), top), ReLU with top infinite,
 * ReLU6 with 6. Mixes: none 0, weighted 1 (Utasi 2022, Eq. 1), stochastic 2 (Eq. 3). Each is x times a share that
 * goes from 0 to 1, and its slope is that share plus a bend: mish by
 * rational forms of e^x with one division, without tanh or softplus.
 * What changes from step to step lies in memory, so that a compiled plan stays as it is: alpha f32, below i32 (the
 * draw's threshold), key i32.
 */

import { far, half, m1, m2, normalPeak, r1, r2, r3, sign, two, zero } from './constants.as'
import { atLeast, atMost, multiplyAdd, some } from './lanes.as'

/**
 * The normal distribution function at -|x|, given e^(-x^2 / 2): that times a rational form of Mills' ratio (minimax over 0 to 6, absolute
 * error 9.2e-8 of x times it; found by reweighted least squares), which needs one division and no long chain.
 */
@inline
function tailAt(x: v128, e: v128, unit: v128): v128 {
  const d = atMost(v128.andnot(x, sign), far)
  const square = f32x4.mul(d, d)
  const upper = multiplyAdd(square, m2, multiplyAdd(d, m1, half))
  const lower = multiplyAdd(square, multiplyAdd(d, r3, r2), multiplyAdd(d, r1, unit))
  return f32x4.mul(f32x4.div(upper, lower), e)
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
 * Takes the exponential at `slope` and writes there the slope at x, and to `z` the answer; `lanes` of four elements. `mask` says
 * where the base was drawn. `beta` is negative; `capped` is 0 where the base has no top.
 */
@inline
export function respond(kind: i32, mix: i32, capped: i32, x: v128, mask: v128, z: usize, slope: usize, lanes: i32, top: v128, beta: v128, alpha: v128, rest: v128, unit: v128, none: v128): void {
  const e = v128.load(slope)
  if (kind == 5) {
    const positive = f32x4.gt(x, none)
    const f = v128.bitselect(x, f32x4.sub(e, unit), positive), s = v128.bitselect(unit, e, positive)
    const b = capped ? base(x, top) : atLeast(x, none), rises = capped ? inside(x, top) : positive
    some(slope, mix == 1 ? multiplyAdd(s, rest, v128.and(rises, alpha)) : v128.bitselect(v128.and(rises, unit), s, mask), lanes)
    some(z, mix == 1 ? multiplyAdd(b, alpha, f32x4.mul(f, rest)) : v128.bitselect(b, f, mask), lanes)
    return
  }
  let share = unit, bend = unit
  if (kind == 2) {
    share = f32x4.div(unit, f32x4.add(unit, e))
    bend = f32x4.mul(f32x4.mul(f32x4.mul(x, beta), share), f32x4.sub(share, unit))
  }
  if (kind == 3) {
    // 1 - tail for positive x, where the tail's sign is turned, and the tail itself elsewhere.
    const tail = tailAt(x, e, unit), positive = f32x4.gt(x, none)
    share = f32x4.add(v128.and(positive, unit), v128.xor(tail, v128.and(positive, sign)))
    bend = f32x4.mul(f32x4.mul(x, e), normalPeak)
  }
  if (kind == 4) {
    // tanh(log(1 + e^x)) = 1 - w with w = 2 / (p^2 + 1), p = e^x + 1, and its slope is e^x p w^2; it is 1 in float32 from x = 20 on.
    const p = f32x4.add(e, unit)
    const w = f32x4.div(two, multiplyAdd(p, p, unit))
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
