/**
 * What an activation answers and its slope, together: they share their exponential. Kinds are known when the loop is
 * compiled: identity 0, base 1, swish 2, gelu 3, mish 4, elu 5; the base is min(max(x, 0), top), ReLU with top infinite,
 * ReLU6 with 6. Mixes: none 0, weighted 1 (Utasi 2022, Eq. 1), stochastic 2 (Eq. 3). Exact forms: gelu by erf (Abramowitz
 * and Stegun 7.1.26, error below 1.5e-7), mish by rational forms of e^x with one division, without tanh or softplus.
 * What changes from step to step lies in memory, so that a compiled plan stays as it is: alpha f32, below i32 (the
 * draw's threshold), key i32.
 */

import { a1, a2, a3, a4, a5, four, half, highest, minusHalf, normalPeak, p0, rootHalf, twenty, two, unit, zero } from './constants.as'
import { atLeast, atMost, exp, multiplyAdd, some } from './lanes.as'
import { drawn } from './random.as'

/** The normal distribution function at x, given e^(-x^2 / 2). */
@inline
function normal(x: v128, e: v128): v128 {
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
  return v128.and(inside(x, top), unit)
}

/** Writes the answer to x at `z` and, unless `slope` is 0, its slope there; `lanes` of the four elements from `element` on. */
@inline
export function respond(kind: i32, mix: i32, x: v128, element: i32, z: usize, slope: usize, lanes: i32, top: v128, beta: v128, alpha: v128, rest: v128, below: v128, key: i32): void {
  if (kind < 2) {
    some(z, kind == 0 ? x : base(x, top), lanes)
    return
  }
  const mask = mix == 2 ? drawn(key, element, below) : zero
  let f = x, s = unit
  if (kind == 2) {
    const scaled = f32x4.mul(x, beta)
    const sigmoid = f32x4.div(unit, f32x4.add(unit, exp(atMost(f32x4.neg(scaled), highest))))
    f = f32x4.mul(x, sigmoid)
    if (slope) s = multiplyAdd(f32x4.mul(scaled, sigmoid), f32x4.sub(unit, sigmoid), sigmoid)
  }
  if (kind == 3) {
    const e = exp(f32x4.mul(f32x4.mul(x, x), minusHalf))
    const share = normal(x, e)
    f = f32x4.mul(x, share)
    if (slope) s = multiplyAdd(f32x4.mul(x, e), normalPeak, share)
  }
  if (kind == 4) {
    // tanh(log(1 + e^x)) = n / d with n = e^x (e^x + 2), d = n + 2; it is 1 in float32 from x = 20 on. The slope is
    // th + x sigmoid(x) (1 - th^2), and 1 - th^2 = 4 (n + 1) / d^2 = 4 (e^x + 1)^2 / d^2.
    const e = exp(atMost(x, twenty))
    const n = f32x4.mul(e, f32x4.add(e, two))
    const r = f32x4.div(two, f32x4.add(n, two))
    const th = f32x4.mul(f32x4.mul(n, r), half)
    f = f32x4.mul(x, th)
    // (e^x + 1) e^x = n - e^x: the factors stay in range where d^2 would not.
    if (slope) s = multiplyAdd(f32x4.mul(x, r), f32x4.mul(f32x4.sub(n, e), r), th)
  }
  if (kind == 5) {
    const e = exp(atMost(x, zero))
    const positive = f32x4.gt(x, zero)
    f = v128.bitselect(x, f32x4.sub(e, unit), positive)
    if (slope) s = v128.bitselect(unit, e, positive)
  }
  some(z, mix == 1 ? multiplyAdd(base(x, top), alpha, f32x4.mul(f, rest)) : v128.bitselect(base(x, top), f, mask), lanes)
  if (!slope) return
  some(slope, mix == 1 ? multiplyAdd(s, rest, v128.and(inside(x, top), alpha)) : v128.bitselect(baseSlope(x, top), s, mask), lanes)
}

/**
 * Which of the ten compiled loops an activation takes now: 0 identity, 1 base, then two a kind, weighted and stochastic. At
 * alpha = 1 an ensemble is its base to the bit; at alpha = 0 a stochastic one draws nothing.
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
