/**
 * What an activation answers and its slope, together: they share their exponential. Kinds are known when the loop is
 * compiled: identity 0, base 1, swish 2, gelu 3, mish 4, elu 5; the base is min(max(x, 0), top), ReLU with top infinite,
 * ReLU6 with 6. Mixes: none 0, weighted 1 (Utasi 2022, Eq. 1), stochastic 2 (Eq. 3). Each is x times a share that
 * goes from 0 to 1, and its slope is that share plus a bend: mish by
 * rational forms of e^x with one division, without tanh or softplus.
 * What changes from step to step lies in memory, so that a compiled plan stays as it is: alpha f32, below i32 (the
 * draw's threshold), key i32.
 */

import { two, zero } from './constants.as'
import { atLeast, atMost, multiplyAdd, some } from './lanes.as'

/**
 * The normal distribution function at -|x|, given e^(-x^2 / 2): that times a rational form of Mills' ratio (minimax over 0 to 6.5, absolute
 * error 2.4e-6 and 1.7e-6 in the mean, as the exponential's; found by reweighted least squares): one division and no long chain.
 */
@inline
function tailAt(x: v128, e: v128, unit: v128, turn: v128, end: v128, n0: v128, n1: v128, n2: v128, d1: v128, d2: v128): v128 {
  const d = atMost(v128.andnot(x, turn), end)
  const square = f32x4.mul(d, d)
  const upper = multiplyAdd(square, n2, multiplyAdd(d, n1, n0))
  const lower = multiplyAdd(square, d2, multiplyAdd(d, d1, unit))
  return f32x4.div(f32x4.mul(upper, e), lower)
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

/** What the smooth part adds to the base's: by its weight, or where it was drawn. */
@inline
function blend(mix: i32, v: v128, rest: v128, mask: v128): v128 {
  return mix == 1 ? f32x4.mul(v, rest) : v128.andnot(v, mask)
}

/**
 * Takes the exponential at `slope` and writes there the slope at x, and to `z` the answer; `lanes` of four elements. `mask` says
 * where the base was drawn. `capped` is 0 where the base has no top. `factor` is -beta of swish, or the peak of gelu's density,
 * in the weighted form without a top times `rest`.
 */
@inline
export function respond(kind: i32, mix: i32, capped: i32, x: v128, mask: v128, z: usize, slope: usize, lanes: i32, top: v128, factor: v128, alpha: v128, rest: v128, unit: v128, none: v128, turn: v128, end: v128, n0: v128, n1: v128, n2: v128, d1: v128, d2: v128): void {
  const e = v128.load(slope), positive = f32x4.gt(x, none)
  if (kind == 5) {
    const f = v128.bitselect(x, f32x4.sub(e, unit), positive), s = v128.bitselect(unit, e, positive)
    const b = capped ? base(x, top) : atLeast(x, none), rises = capped ? inside(x, top) : positive
    some(slope, mix == 1 ? multiplyAdd(s, rest, v128.and(rises, alpha)) : v128.bitselect(v128.and(rises, unit), s, mask), lanes)
    some(z, mix == 1 ? multiplyAdd(b, alpha, f32x4.mul(f, rest)) : v128.bitselect(b, f, mask), lanes)
    return
  }
  const step = v128.and(positive, unit)
  // The share of x that the smooth activation lets through, less that step; and x times the share's slope.
  let less = unit, bend = unit
  if (kind == 2) {
    const share = f32x4.div(unit, f32x4.add(unit, e))
    less = f32x4.sub(share, step)
    bend = f32x4.mul(f32x4.mul(f32x4.mul(x, factor), share), f32x4.sub(share, unit))
  }
  if (kind == 3) {
    less = v128.xor(tailAt(x, e, unit, turn, end, n0, n1, n2, d1, d2), v128.and(positive, turn))
    bend = f32x4.mul(f32x4.mul(x, e), factor)
  }
  if (kind == 4) {
    // tanh(log(1 + e^x)) = 1 - w with w = 2 / (p^2 + 1), p = e^x + 1, and its slope is e^x p w^2; it is 1 in float32 from x = 20 on.
    const p = f32x4.add(e, unit)
    const w = f32x4.div(two, multiplyAdd(p, p, unit))
    less = f32x4.sub(v128.andnot(unit, positive), w)
    bend = f32x4.mul(f32x4.mul(x, w), f32x4.mul(f32x4.mul(e, p), w))
  }
  if (capped) {
    const share = f32x4.add(step, less), b = base(x, top), rises = inside(x, top), f = f32x4.mul(x, share), s = f32x4.add(share, bend)
    some(slope, mix == 1 ? multiplyAdd(s, rest, v128.and(rises, alpha)) : v128.bitselect(v128.and(rises, unit), s, mask), lanes)
    some(z, mix == 1 ? multiplyAdd(b, alpha, f32x4.mul(f, rest)) : v128.bitselect(b, f, mask), lanes)
    return
  }
  // ReLU is x times a step, so the mixture is x times a mixture of step and share.
  const mixed = f32x4.add(step, blend(mix, less, rest, mask))
  some(slope, f32x4.add(mixed, mix == 1 && kind < 4 ? bend : blend(mix, bend, rest, mask)), lanes)
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
