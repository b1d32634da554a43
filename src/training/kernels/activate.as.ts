/**
 * Activations and ensembles over a tensor, elements `from` to `to` (any count) of x. Those with an exponential leave their
 * slopes for the gradient in `slopes`, a tensor of their own, which costs less than a second exponential and a
 * second draw; the others take them from x again. y may be x, dx may be dy.
 * Two loops over what the first-level cache holds, exponentials into `slopes` and then the rest: one loop would wait for its own
 * results, since a processor looks only some 100 instructions ahead (measured: 1.4 times the time for Mish).
 */

import { factor1, factor2, far, half, highest, log2e, lowest, m1, m2, magic, minusHalf, normalPeak, p1, p2, p3, p4, r1, r2, saturated, sign, unit, zero } from './constants.as'
import { atMost, powerBy, some } from './lanes.as'
import { counters, halves, lowerHalves, mixedBy, stride, upperHalves } from './random.as'
import { base, baseSlope, loopOf, respond, shareOf } from './smooth.as'

/** Elements between the two loops. */
const atOnce = 2048

/** The exponential of a kind: 2^(scale x), or 2^(scale x^2) for gelu, the exponent at most `top`. */
@inline
function exponential(kind: i32, x: v128, scale: v128, top: v128, low: v128, big: v128, c4: v128, c3: v128, c2: v128, c1: v128, c0: v128): v128 {
  const t = f32x4.mul(kind == 3 ? f32x4.mul(x, x) : x, scale)
  return powerBy(kind == 3 ? t : atMost(t, top), low, big, c4, c3, c2, c1, c0)
}

@inline
function block(kind: i32, mix: i32, capped: i32, x: usize, y: usize, slopes: usize, top: f32, beta: f32, share: f32, state: usize, from: i32, to: i32): void {
  const t = f32x4.splat(top), k = f32x4.splat(-beta), alpha = f32x4.splat(share), rest = f32x4.splat(1 - share)
  // Constants as locals: registers hold them over a loop.
  const scale = f32x4.mul(log2e, kind == 2 ? k : kind == 3 ? minusHalf : unit), most = kind == 2 ? highest : kind == 4 ? saturated : zero
  const low = lowest, big = magic, c4 = p4, c3 = p3, c2 = p2, c1 = p1, one = unit, none = zero
  let e = from
  for (; e + 8 <= to; e += 8) {
    const o = e << 2
    v128.store(slopes + o, exponential(kind, v128.load(x + o), scale, most, low, big, c4, c3, c2, c1, one))
    v128.store(slopes + o, exponential(kind, v128.load(x + o, 16), scale, most, low, big, c4, c3, c2, c1, one), 16)
  }
  for (; e < to; e += 4) some(slopes + (e << 2), exponential(kind, v128.load(x + (e << 2)), scale, most, low, big, c4, c3, c2, c1, one), to - e)
  const slope = kind == 2 ? k : normalPeak, factor = mix == 1 && !capped ? f32x4.mul(slope, rest) : slope
  const turn = sign, end = far, n0 = half, n1 = m1, n2 = m2, d1 = r1, d2 = r2
  const below = i32x4.splat(mix == 2 ? load<i32>(state, 4) : 0), key = mix == 2 ? load<i32>(state, 8) : 0
  const keys = i32x4.splat(key), f1 = factor1, f2 = factor2, on = stride()
  e = from
  let counter = mix == 2 ? counters(from >> 1) : none
  if (mix != 2 || !(from & 1)) for (; e + 8 <= to; e += 8) {
    const o = e << 2, h = mix == 2 ? mixedBy(v128.xor(counter, keys), f1, f2) : none
    if (mix == 2) counter = i32x4.add(counter, on)
    respond(kind, mix, capped, v128.load(x + o), mix == 2 ? lowerHalves(h, below) : none, y + o, slopes + o, 4, t, factor, alpha, rest, one, none, turn, end, n0, n1, n2, d1, d2)
    respond(kind, mix, capped, v128.load(x + o, 16), mix == 2 ? upperHalves(h, below) : none, y + o + 16, slopes + o + 16, 4, t, factor, alpha, rest, one, none, turn, end, n0, n1, n2, d1, d2)
  }
  for (; e < to; e += 4) {
    const o = e << 2
    respond(kind, mix, capped, v128.load(x + o), mix == 2 ? halves(key, e, below) : none, y + o, slopes + o, to - e, t, factor, alpha, rest, one, none, turn, end, n0, n1, n2, d1, d2)
  }
}

@inline
function forward(kind: i32, mix: i32, capped: i32, x: usize, y: usize, slopes: usize, top: f32, beta: f32, share: f32, state: usize, from: i32, to: i32): void {
  for (let e = from; e < to; e += atOnce) block(kind, mix, capped, x, y, slopes, top, beta, share, state, e, min(e + atOnce, to))
}

@inline
function bound(x: usize, y: usize, top: f32, from: i32, to: i32): void {
  const t = f32x4.splat(top)
  for (let e = from; e < to; e += 4) some(y + (e << 2), base(v128.load(x + (e << 2)), t), to - e)
}

export function activate(kind: i32, mix: i32, top: f32, beta: f32, state: usize, x: usize, y: usize, slopes: usize, from: i32, to: i32): void {
  const share = shareOf(mix, state), loop = loopOf(kind, mix, state)
  switch (loop > 1 && top < Infinity ? loop + 8 : loop) {
    case 0: memory.copy(y + (from << 2), x + (from << 2), (to - from) << 2); break
    case 1: bound(x, y, top, from, to); break
    case 2: forward(2, 1, 0, x, y, slopes, top, beta, share, state, from, to); break
    case 3: forward(2, 2, 0, x, y, slopes, top, beta, share, state, from, to); break
    case 4: forward(3, 1, 0, x, y, slopes, top, beta, share, state, from, to); break
    case 5: forward(3, 2, 0, x, y, slopes, top, beta, share, state, from, to); break
    case 6: forward(4, 1, 0, x, y, slopes, top, beta, share, state, from, to); break
    case 7: forward(4, 2, 0, x, y, slopes, top, beta, share, state, from, to); break
    case 8: forward(5, 1, 0, x, y, slopes, top, beta, share, state, from, to); break
    case 9: forward(5, 2, 0, x, y, slopes, top, beta, share, state, from, to); break
    case 10: forward(2, 1, 1, x, y, slopes, top, beta, share, state, from, to); break
    case 11: forward(2, 2, 1, x, y, slopes, top, beta, share, state, from, to); break
    case 12: forward(3, 1, 1, x, y, slopes, top, beta, share, state, from, to); break
    case 13: forward(3, 2, 1, x, y, slopes, top, beta, share, state, from, to); break
    case 14: forward(4, 1, 1, x, y, slopes, top, beta, share, state, from, to); break
    case 15: forward(4, 2, 1, x, y, slopes, top, beta, share, state, from, to); break
    case 16: forward(5, 1, 1, x, y, slopes, top, beta, share, state, from, to); break
    case 17: forward(5, 2, 1, x, y, slopes, top, beta, share, state, from, to); break
    default: unreachable()
  }
}

export function activateGradient(kind: i32, mix: i32, top: f32, state: usize, x: usize, slopes: usize, dy: usize, dx: usize, from: i32, to: i32): void {
  const loop = loopOf(kind, mix, state), t = f32x4.splat(top)
  if (loop > 1) for (let e = from; e < to; e += 4) some(dx + (e << 2), f32x4.mul(v128.load(dy + (e << 2)), v128.load(slopes + (e << 2))), to - e)
  else if (loop == 1) for (let e = from; e < to; e += 4) some(dx + (e << 2), f32x4.mul(v128.load(dy + (e << 2)), baseSlope(v128.load(x + (e << 2)), t)), to - e)
  else memory.copy(dx + (from << 2), dy + (from << 2), (to - from) << 2)
}
