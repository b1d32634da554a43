/**
 * One activation of four elements, by a kind and a mix known when the loop is compiled. Kinds: identity 0, base 1, and
 * those of smooth.as.ts. The base is min(max(x, 0), top): ReLU with top infinite, ReLU6 with 6. Mixes: none 0, weighted 1
 * (Utasi 2022, Eq. 1), stochastic 2 (Eq. 3). What changes from step to step lies in memory, so that a compiled plan
 * stays as it is: alpha f32, below i32 (the draw's threshold), key i32.
 */

import { multiplyAdd } from './lanes.as'
import { drawn } from './random.as'
import { slope, smooth } from './smooth.as'

@inline
export function value(kind: i32, mix: i32, x: v128, element: i32, top: v128, beta: v128, alpha: v128, rest: v128, below: v128, key: i32): v128 {
  if (kind == 0) return x
  const base = f32x4.min(f32x4.max(x, f32x4.splat(0)), top)
  if (kind == 1) return base
  const f = smooth(kind, x, beta)
  if (mix == 1) return multiplyAdd(base, alpha, f32x4.mul(f, rest))
  return v128.bitselect(base, f, drawn(key, element, below))
}

@inline
export function derivative(kind: i32, mix: i32, x: v128, element: i32, top: v128, beta: v128, alpha: v128, rest: v128, below: v128, key: i32): v128 {
  const one = f32x4.splat(1)
  if (kind == 0) return one
  const base = v128.and(v128.and(f32x4.gt(x, f32x4.splat(0)), f32x4.lt(x, top)), one)
  if (kind == 1) return base
  const f = slope(kind, x, beta)
  if (mix == 1) return multiplyAdd(base, alpha, f32x4.mul(f, rest))
  return v128.bitselect(base, f, drawn(key, element, below))
}

/**
 * Which of the ten compiled loops an activation takes now: 0 identity, 1 base, 2 (kind - 2) + 1 + mix. At alpha = 1 an ensemble is
 * its base to the bit; at alpha = 0 a stochastic one draws nothing.
 */
@inline
export function loopOf(kind: i32, mix: i32, state: usize): i32 {
  if (kind < 2) return kind
  if (mix == 0) return 2 * kind - 2
  const alpha = load<f32>(state)
  if (alpha >= 1) return 1
  return 2 * kind - 2 + (mix == 2 && alpha > 0 ? 1 : 0)
}

/** Alpha of the loops with mix 1: a plain smooth activation is the weighted form at 0. */
@inline
export function shareOf(mix: i32, state: usize): f32 {
  return mix == 0 ? 0 : load<f32>(state)
}
