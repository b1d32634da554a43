/**
 * The smooth activations and their slopes, by a kind that is known when the loop is compiled: swish 2, gelu 3, mish 4,
 * elu 5 (`kinds` in backends/wasm/activations.ts). Exact forms: gelu by erf (Abramowitz and Stegun 7.1.26, error below
 * 1.5e-7), mish by rational forms of e^x with one division, without tanh or softplus.
 */

import { exp, multiplyAdd } from './lanes.as'

@inline
function sigmoid(x: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp(f32x4.neg(x))))
}

/** The normal distribution function at x, given e^(-x^2 / 2). */
@inline
function normal(x: v128, e: v128): v128 {
  const z = f32x4.mul(f32x4.abs(x), f32x4.splat(0.7071067811865476))
  const t = f32x4.div(f32x4.splat(1), multiplyAdd(z, f32x4.splat(0.3275911), f32x4.splat(1)))
  let p = multiplyAdd(f32x4.splat(1.061405429), t, f32x4.splat(-1.453152027))
  p = multiplyAdd(p, t, f32x4.splat(1.421413741))
  p = multiplyAdd(p, t, f32x4.splat(-0.284496736))
  p = multiplyAdd(p, t, f32x4.splat(0.254829592))
  const tail = f32x4.mul(f32x4.mul(f32x4.mul(p, t), e), f32x4.splat(0.5))
  return v128.bitselect(tail, f32x4.sub(f32x4.splat(1), tail), f32x4.lt(x, f32x4.splat(0)))
}

@inline
function bell(x: v128): v128 {
  return exp(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5)))
}

@inline
export function smooth(kind: i32, x: v128, beta: v128): v128 {
  if (kind == 2) return f32x4.mul(x, sigmoid(f32x4.mul(x, beta)))
  if (kind == 3) return f32x4.mul(x, normal(x, bell(x)))
  if (kind == 4) {
    // tanh(log(1 + e^x)) = n / (n + 2) with n = e^x (e^x + 2); it is 1 in float32 from x = 20 on.
    const e = exp(f32x4.min(x, f32x4.splat(20)))
    const n = f32x4.mul(e, f32x4.add(e, f32x4.splat(2)))
    return f32x4.mul(x, f32x4.div(n, f32x4.add(n, f32x4.splat(2))))
  }
  return v128.bitselect(x, f32x4.sub(exp(f32x4.min(x, f32x4.splat(0))), f32x4.splat(1)), f32x4.gt(x, f32x4.splat(0)))
}

@inline
export function slope(kind: i32, x: v128, beta: v128): v128 {
  if (kind == 2) {
    const s = sigmoid(f32x4.mul(x, beta))
    return multiplyAdd(f32x4.mul(f32x4.mul(x, beta), s), f32x4.sub(f32x4.splat(1), s), s)
  }
  if (kind == 3) {
    const e = bell(x)
    return multiplyAdd(f32x4.mul(x, e), f32x4.splat(0.3989422804014327), normal(x, e))
  }
  if (kind == 4) {
    // th + x sigmoid(x) (1 - th^2) with th = n / d, d = n + 2: (n d + 4 x e (e + 1)) / d^2, since 1 - th^2 = 4 (n + 1) / d^2.
    const e = exp(f32x4.min(x, f32x4.splat(20)))
    const n = f32x4.mul(e, f32x4.add(e, f32x4.splat(2)))
    const d = f32x4.add(n, f32x4.splat(2))
    const bend = f32x4.mul(f32x4.mul(f32x4.mul(x, e), f32x4.add(e, f32x4.splat(1))), f32x4.splat(4))
    return f32x4.div(multiplyAdd(n, d, bend), f32x4.mul(d, d))
  }
  return v128.bitselect(f32x4.splat(1), exp(f32x4.min(x, f32x4.splat(0))), f32x4.gt(x, f32x4.splat(0)))
}
