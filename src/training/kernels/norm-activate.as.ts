/**
 * Batch normalisation's affine map, an optional residual and an activation in one pass: z = f(a y + b + residual), and
 * back: du = dz f'(a y + b + residual) with the two sums that the gradient of the normalisation needs. The value before
 * the activation is never stored; slopes are, where they cost an exponential (activate.as.ts).
 */

import { activate } from './activate.as'
import { multiplyAdd, some } from './lanes.as'
import { rowsAtOnce, strideOf } from './norm.as'
import { base, baseSlope, loopOf } from './smooth.as'

/** a y + b + residual, bounded by the base where that is wanted, four channels of rows `start` to `end`: `o` is the byte of the first. */
@inline
function column(bounded: i32, lanes: i32, y: usize, norm: usize, stride: i32, residual: usize, z: usize, row: i32, top: v128, start: i32, end: i32, first: i32): void {
  const a = v128.load(norm), b = v128.load(norm + stride)
  let o = first
  for (let r = start; r < end; r++) {
    let u = multiplyAdd(v128.load(y + o), a, b)
    if (residual) u = f32x4.add(u, v128.load(residual + o))
    some(z + o, bounded ? base(u, top) : u, lanes)
    o += row
  }
}

@inline
function affine(bounded: i32, y: usize, norm: usize, residual: usize, z: usize, channels: i32, top: f32, start: i32, end: i32): void {
  const t = f32x4.splat(top)
  const row = channels << 2, stride = strideOf(channels), full = row & ~15
  let c = 0
  for (; c < full; c += 16) column(bounded, 4, y, norm + c, stride, residual, z, row, t, start, end, start * row + c)
  if (c < row) column(bounded, channels & 3, y, norm + c, stride, residual, z, row, t, start, end, start * row + c)
}

/** Four channels over rows `start` to `end`: `o` is the byte of the first, `norm` and `sums` are theirs; loop as in `backward`. */
@inline
function columnBack(loop: i32, lanes: i32, dz: usize, y: usize, norm: usize, residual: usize, slopes: usize, du: usize, sums: usize, row: i32, stride: i32, top: v128, start: i32, end: i32, first: i32): void {
  const a = v128.load(norm), b = v128.load(norm + stride), mean = v128.load(norm + 2 * stride)
  let sum = f32x4.splat(0), along = f32x4.splat(0)
  let o = first
  for (let r = start; r < end; r++) {
    const v = v128.load(y + o)
    let d = v128.load(dz + o)
    if (loop == 1) {
      let u = multiplyAdd(v, a, b)
      if (residual) u = f32x4.add(u, v128.load(residual + o))
      d = f32x4.mul(d, baseSlope(u, top))
    } else if (loop == 2) d = f32x4.mul(d, v128.load(slopes + o))
    some(du + o, d, lanes)
    sum = f32x4.add(sum, d)
    along = multiplyAdd(d, f32x4.sub(v, mean), along)
    o += row
  }
  v128.store(sums, f32x4.add(v128.load(sums), sum))
  v128.store(sums + stride, f32x4.add(v128.load(sums + stride), along))
}

/** loop as of loopOf, capped at 2: identity, base, stored slopes. */
@inline
function backward(loop: i32, dz: usize, y: usize, norm: usize, residual: usize, slopes: usize, du: usize, sums: usize, channels: i32, top: f32, from: i32, to: i32): void {
  const t = f32x4.splat(top)
  const row = channels << 2, stride = strideOf(channels), full = row & ~15, step = rowsAtOnce(channels)
  for (let start = from; start < to; start += step) {
    const end = min(start + step, to)
    let c = 0
    for (; c < full; c += 16) columnBack(loop, 4, dz, y, norm + c, residual, slopes, du, sums + c, row, stride, t, start, end, start * row + c)
    if (c < row) columnBack(loop, channels & 3, dz, y, norm + c, residual, slopes, du, sums + c, row, stride, t, start, end, start * row + c)
  }
}

/**
 * Rows `from` to `to`; `norm` is the state of norm.as.ts; residual and slopes 0 where there are none. What goes into a smooth
 * activation waits in z, some rows at a time that stay in the first-level cache.
 */
export function normActivate(kind: i32, mix: i32, top: f32, beta: f32, state: usize, y: usize, norm: usize, residual: usize, z: usize, slopes: usize, channels: i32, from: i32, to: i32): void {
  const loop = loopOf(kind, mix, state), step = rowsAtOnce(channels)
  for (let start = from; start < to; start += step) {
    const end = min(start + step, to)
    if (loop == 1) affine(1, y, norm, residual, z, channels, top, start, end)
    else affine(0, y, norm, residual, z, channels, top, start, end)
    if (loop > 1) activate(kind, mix, top, beta, state, z, z, slopes, start * channels, end * channels)
  }
}

/** Rows `from` to `to`; adds into `sums` (two vectors); du may be dz. */
export function normActivateGradient(kind: i32, mix: i32, top: f32, state: usize, dz: usize, y: usize, norm: usize, residual: usize, slopes: usize, du: usize, sums: usize, channels: i32, from: i32, to: i32): void {
  const loop = loopOf(kind, mix, state)
  if (loop == 0) backward(0, dz, y, norm, residual, slopes, du, sums, channels, top, from, to)
  else if (loop == 1) backward(1, dz, y, norm, residual, slopes, du, sums, channels, top, from, to)
  else backward(2, dz, y, norm, residual, slopes, du, sums, channels, top, from, to)
}
