/**
 * Batch normalisation's affine map, an optional residual and an activation in one pass: z = f(a y + b + residual), and
 * back: du = dz f'(a y + b + residual) with the two sums that the gradient of the normalisation needs. The value before
 * the activation is never stored; slopes are, where they cost an exponential (activate.as.ts).
 */

import { e1, e2, e3, e4, e5, log2e, lowest, magic, two, unit, zero } from './constants.as'
import { multiplyAdd, some } from './lanes.as'
import { rowsAtOnce, strideOf } from './norm.as'
import { halves, lowerHalves, upperHalves, words } from './random.as'
import { baseSlope, loopOf, respond, shareOf } from './smooth.as'

/** What goes into the activation at byte `o`. */
@inline
function entering(y: usize, norm: usize, stride: i32, residual: usize, o: i32): v128 {
  const u = multiplyAdd(v128.load(y + o), v128.load(norm), v128.load(norm + stride))
  return residual ? f32x4.add(u, v128.load(residual + o)) : u
}

@inline
function forward(kind: i32, mix: i32, capped: i32, y: usize, norm: usize, residual: usize, z: usize, slopes: usize, channels: i32, top: f32, beta: f32, share: f32, state: usize, from: i32, to: i32): void {
  const t = f32x4.splat(top), k = f32x4.splat(-beta), alpha = f32x4.splat(share), rest = f32x4.splat(1 - share)
  const low = lowest, log = log2e, big = magic, c5 = e5, c4 = e4, c3 = e3, c2 = e2, c1 = e1, one = unit, double = two, none = zero
  const below = i32x4.splat(mix == 2 ? load<i32>(state, 4) : 0), key = mix == 2 ? load<i32>(state, 8) : 0
  const row = channels << 2, stride = strideOf(channels), full = row & ~15
  const pairs = mix == 2 && !(channels & 7)
  for (let r = from; r < to; r++) {
    let o = r * row
    let c = 0
    if (pairs) for (; c < full; c += 32) {
      const h = words(key, o >> 3)
      respond(kind, mix, capped, entering(y, norm + c, stride, residual, o), lowerHalves(h, below), z + o, slopes + o, 4, t, k, alpha, rest, low, log, big, c5, c4, c3, c2, c1, one, double, none)
      respond(kind, mix, capped, entering(y, norm + c + 16, stride, residual, o + 16), upperHalves(h, below), z + o + 16, slopes + o + 16, 4, t, k, alpha, rest, low, log, big, c5, c4, c3, c2, c1, one, double, none)
      o += 32
    } else for (; c < full; c += 16) {
      const mask = mix == 2 ? halves(key, o >> 2, below) : none
      respond(kind, mix, capped, entering(y, norm + c, stride, residual, o), mask, z + o, slopes + o, 4, t, k, alpha, rest, low, log, big, c5, c4, c3, c2, c1, one, double, none)
      o += 16
    }
    if (c < row) {
      const mask = mix == 2 ? halves(key, o >> 2, below) : none
      respond(kind, mix, capped, entering(y, norm + c, stride, residual, o), mask, z + o, slopes + o, channels & 3, t, k, alpha, rest, low, log, big, c5, c4, c3, c2, c1, one, double, none)
    }
  }
}

/** Four channels over rows `start` to `end`: `o` is the byte of the first, `norm` and `sums` are theirs; loop as in `backward`. */
@inline
function column(loop: i32, lanes: i32, dz: usize, y: usize, norm: usize, residual: usize, slopes: usize, du: usize, sums: usize, row: i32, stride: i32, top: v128, start: i32, end: i32, first: i32): void {
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
    for (; c < full; c += 16) column(loop, 4, dz, y, norm + c, residual, slopes, du, sums + c, row, stride, t, start, end, start * row + c)
    if (c < row) column(loop, channels & 3, dz, y, norm + c, residual, slopes, du, sums + c, row, stride, t, start, end, start * row + c)
  }
}

/** Rows `from` to `to`; `norm` is the state of norm.as.ts; residual and slopes 0 where there are none. */
export function normActivate(kind: i32, mix: i32, top: f32, beta: f32, state: usize, y: usize, norm: usize, residual: usize, z: usize, place: usize, channels: i32, from: i32, to: i32): void {
  const share = shareOf(mix, state), loop = loopOf(kind, mix, state), slopes = place ? place : z
  switch (loop > 1 && top < Infinity ? loop + 8 : loop) {
    case 0: forward(0, 0, 0, y, norm, residual, z, slopes, channels, top, beta, share, state, from, to); break
    case 1: forward(1, 0, 0, y, norm, residual, z, slopes, channels, top, beta, share, state, from, to); break
    case 2: forward(2, 1, 0, y, norm, residual, z, slopes, channels, top, beta, share, state, from, to); break
    case 3: forward(2, 2, 0, y, norm, residual, z, slopes, channels, top, beta, share, state, from, to); break
    case 4: forward(3, 1, 0, y, norm, residual, z, slopes, channels, top, beta, share, state, from, to); break
    case 5: forward(3, 2, 0, y, norm, residual, z, slopes, channels, top, beta, share, state, from, to); break
    case 6: forward(4, 1, 0, y, norm, residual, z, slopes, channels, top, beta, share, state, from, to); break
    case 7: forward(4, 2, 0, y, norm, residual, z, slopes, channels, top, beta, share, state, from, to); break
    case 8: forward(5, 1, 0, y, norm, residual, z, slopes, channels, top, beta, share, state, from, to); break
    case 9: forward(5, 2, 0, y, norm, residual, z, slopes, channels, top, beta, share, state, from, to); break
    case 10: forward(2, 1, 1, y, norm, residual, z, slopes, channels, top, beta, share, state, from, to); break
    case 11: forward(2, 2, 1, y, norm, residual, z, slopes, channels, top, beta, share, state, from, to); break
    case 12: forward(3, 1, 1, y, norm, residual, z, slopes, channels, top, beta, share, state, from, to); break
    case 13: forward(3, 2, 1, y, norm, residual, z, slopes, channels, top, beta, share, state, from, to); break
    case 14: forward(4, 1, 1, y, norm, residual, z, slopes, channels, top, beta, share, state, from, to); break
    case 15: forward(4, 2, 1, y, norm, residual, z, slopes, channels, top, beta, share, state, from, to); break
    case 16: forward(5, 1, 1, y, norm, residual, z, slopes, channels, top, beta, share, state, from, to); break
    case 17: forward(5, 2, 1, y, norm, residual, z, slopes, channels, top, beta, share, state, from, to); break
    default: unreachable()
  }
}

/** Rows `from` to `to`; adds into `sums` (two vectors); du may be dz. */
export function normActivateGradient(kind: i32, mix: i32, top: f32, state: usize, dz: usize, y: usize, norm: usize, residual: usize, slopes: usize, du: usize, sums: usize, channels: i32, from: i32, to: i32): void {
  const loop = loopOf(kind, mix, state)
  if (loop == 0) backward(0, dz, y, norm, residual, slopes, du, sums, channels, top, from, to)
  else if (loop == 1) backward(1, dz, y, norm, residual, slopes, du, sums, channels, top, from, to)
  else backward(2, dz, y, norm, residual, slopes, du, sums, channels, top, from, to)
}
