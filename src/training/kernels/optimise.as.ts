/**
 * Optimiser steps fused with the sum of the partitions' gradients and with weight decay: one pass over w. `rates` points to
 * what changes from step to step (optimisers.ts), f32 each: rate, 1 / (1 - beta1^t), 1 / (1 - beta2^t), rectification. `decay` is added to the
 * gradient, `shrink` times the rate is taken off the weight. Partitions lie `apart` bytes from one another and are summed in order.
 */

import { multiplyAdd, some } from './lanes.as'

@inline
function gradientAt(g: usize, parts: i32, apart: i32, w: v128, decay: v128): v128 {
  let sum = v128.load(g)
  for (let p = 1; p < parts; p++) sum = f32x4.add(sum, v128.load(g + p * apart))
  return multiplyAdd(w, decay, sum)
}

/** v = momentum v + g; w -= rate v (Sutskever et al. 2013, as TensorFlow's momentum optimiser), elements `from` to `to`. */
export function sgd(w: usize, v: usize, g: usize, parts: i32, apart: i32, rates: usize, momentum: f32, decay: f32, shrink: f32, from: i32, to: i32): void {
  const r = f32x4.splat(load<f32>(rates)), m = f32x4.splat(momentum), d = f32x4.splat(decay), s = f32x4.splat(load<f32>(rates) * shrink)
  for (let e = from; e < to; e += 4) {
    const o = e << 2
    const old = v128.load(w + o)
    const speed = multiplyAdd(v128.load(v + o), m, gradientAt(g + o, parts, apart, old, d))
    some(v + o, speed, to - e)
    some(w + o, f32x4.sub(f32x4.sub(old, f32x4.mul(speed, r)), f32x4.mul(old, s)), to - e)
  }
}

/** Adam (Kingma and Ba 2015), and RAdam (Liu et al. 2020), whose rectification 0 lets the first moment go alone. */
export function adam(w: usize, first: usize, second: usize, g: usize, parts: i32, apart: i32, rates: usize, beta1: f32, beta2: f32, epsilon: f32, decay: f32, shrink: f32, from: i32, to: i32): void {
  const rectification = load<f32>(rates, 12)
  const plain = rectification == 0
  const rate = f32x4.splat(load<f32>(rates) * load<f32>(rates, 4) * (plain ? 1 : rectification)), correct = f32x4.splat(load<f32>(rates, 8))
  const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2), r1 = f32x4.splat(1 - beta1), r2 = f32x4.splat(1 - beta2), small = f32x4.splat(epsilon)
  const d = f32x4.splat(decay), less = f32x4.splat(load<f32>(rates) * shrink)
  for (let e = from; e < to; e += 4) {
    const o = e << 2
    const old = v128.load(w + o)
    const gradient = gradientAt(g + o, parts, apart, old, d)
    const m = multiplyAdd(v128.load(first + o), b1, f32x4.mul(gradient, r1))
    const s = multiplyAdd(v128.load(second + o), b2, f32x4.mul(f32x4.mul(gradient, gradient), r2))
    some(first + o, m, to - e)
    some(second + o, s, to - e)
    let move = f32x4.mul(m, rate)
    if (!plain) move = f32x4.div(move, f32x4.add(f32x4.sqrt(f32x4.mul(s, correct)), small))
    some(w + o, f32x4.sub(f32x4.sub(old, move), f32x4.mul(old, less)), to - e)
  }
}
