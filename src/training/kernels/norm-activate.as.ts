/**
 * Batch normalisation's affine map, an optional residual and an activation in one pass: z = f(a y + b + residual), and
 * back: du = dz f'(a y + b + residual) with the two sums that the gradient of the normalisation needs. The value before
 * the activation is never stored: the gradient computes it again, which is cheaper than reading it.
 */

import { multiplyAdd, some } from './lanes.as'
import { derivative, loopOf, shareOf, value } from './mixed.as'
import { rowsAtOnce, strideOf } from './norm.as'

@inline
function forward(kind: i32, mix: i32, y: usize, norm: usize, residual: usize, z: usize, channels: i32, top: f32, beta: f32, share: f32, state: usize, from: i32, to: i32): void {
  const t = f32x4.splat(top), k = f32x4.splat(beta), alpha = f32x4.splat(share), rest = f32x4.splat(1 - share)
  const below = i32x4.splat(mix == 2 ? load<i32>(state, 4) : 0), key = mix == 2 ? load<i32>(state, 8) : 0
  const row = channels << 2, stride = strideOf(channels), full = row & ~15
  for (let r = from; r < to; r++) {
    const o = r * row
    let c = 0
    for (; c < row; c += 16) {
      let u = multiplyAdd(v128.load(y + o + c), v128.load(norm + c), v128.load(norm + stride + c))
      if (residual) u = f32x4.add(u, v128.load(residual + o + c))
      const f = value(kind, mix, u, (o + c) >> 2, t, k, alpha, rest, below, key)
      if (c < full) v128.store(z + o + c, f)
      else some(z + o + c, f, channels & 3)
    }
  }
}

@inline
function backward(kind: i32, mix: i32, dz: usize, y: usize, norm: usize, residual: usize, du: usize, sums: usize, channels: i32, top: f32, beta: f32, share: f32, state: usize, from: i32, to: i32): void {
  const t = f32x4.splat(top), k = f32x4.splat(beta), alpha = f32x4.splat(share), rest = f32x4.splat(1 - share)
  const below = i32x4.splat(mix == 2 ? load<i32>(state, 4) : 0), key = mix == 2 ? load<i32>(state, 8) : 0
  const row = channels << 2, stride = strideOf(channels), full = row & ~15, step = rowsAtOnce(channels)
  for (let start = from; start < to; start += step) {
    const end = min(start + step, to)
    for (let c = 0; c < row; c += 16) {
      const a = v128.load(norm + c), b = v128.load(norm + stride + c), mean = v128.load(norm + 2 * stride + c)
      let sum = f32x4.splat(0), along = f32x4.splat(0)
      let o = start * row + c
      for (let r = start; r < end; r++) {
        const v = v128.load(y + o)
        let u = multiplyAdd(v, a, b)
        if (residual) u = f32x4.add(u, v128.load(residual + o))
        const d = f32x4.mul(v128.load(dz + o), derivative(kind, mix, u, o >> 2, t, k, alpha, rest, below, key))
        if (c < full) v128.store(du + o, d)
        else some(du + o, d, channels & 3)
        sum = f32x4.add(sum, d)
        along = multiplyAdd(d, f32x4.sub(v, mean), along)
        o += row
      }
      const q = sums + c
      v128.store(q, f32x4.add(v128.load(q), sum))
      v128.store(q + stride, f32x4.add(v128.load(q + stride), along))
    }
  }
}

/** Rows `from` to `to`; `norm` is the state of norm.as.ts, residual 0 where there is none. */
export function normActivate(kind: i32, mix: i32, top: f32, beta: f32, state: usize, y: usize, norm: usize, residual: usize, z: usize, channels: i32, from: i32, to: i32): void {
  const share = shareOf(mix, state)
  switch (loopOf(kind, mix, state)) {
    case 0: forward(0, 0, y, norm, residual, z, channels, top, beta, share, state, from, to); break
    case 1: forward(1, 0, y, norm, residual, z, channels, top, beta, share, state, from, to); break
    case 2: forward(2, 1, y, norm, residual, z, channels, top, beta, share, state, from, to); break
    case 3: forward(2, 2, y, norm, residual, z, channels, top, beta, share, state, from, to); break
    case 4: forward(3, 1, y, norm, residual, z, channels, top, beta, share, state, from, to); break
    case 5: forward(3, 2, y, norm, residual, z, channels, top, beta, share, state, from, to); break
    case 6: forward(4, 1, y, norm, residual, z, channels, top, beta, share, state, from, to); break
    case 7: forward(4, 2, y, norm, residual, z, channels, top, beta, share, state, from, to); break
    case 8: forward(5, 1, y, norm, residual, z, channels, top, beta, share, state, from, to); break
    default: forward(5, 2, y, norm, residual, z, channels, top, beta, share, state, from, to)
  }
}

/** Rows `from` to `to`; adds into `sums` (two vectors); du may be dz. */
export function normActivateGradient(kind: i32, mix: i32, top: f32, beta: f32, state: usize, dz: usize, y: usize, norm: usize, residual: usize, du: usize, sums: usize, channels: i32, from: i32, to: i32): void {
  const share = shareOf(mix, state)
  switch (loopOf(kind, mix, state)) {
    case 0: backward(0, 0, dz, y, norm, residual, du, sums, channels, top, beta, share, state, from, to); break
    case 1: backward(1, 0, dz, y, norm, residual, du, sums, channels, top, beta, share, state, from, to); break
    case 2: backward(2, 1, dz, y, norm, residual, du, sums, channels, top, beta, share, state, from, to); break
    case 3: backward(2, 2, dz, y, norm, residual, du, sums, channels, top, beta, share, state, from, to); break
    case 4: backward(3, 1, dz, y, norm, residual, du, sums, channels, top, beta, share, state, from, to); break
    case 5: backward(3, 2, dz, y, norm, residual, du, sums, channels, top, beta, share, state, from, to); break
    case 6: backward(4, 1, dz, y, norm, residual, du, sums, channels, top, beta, share, state, from, to); break
    case 7: backward(4, 2, dz, y, norm, residual, du, sums, channels, top, beta, share, state, from, to); break
    case 8: backward(5, 1, dz, y, norm, residual, du, sums, channels, top, beta, share, state, from, to); break
    default: backward(5, 2, dz, y, norm, residual, du, sums, channels, top, beta, share, state, from, to)
  }
}
