/**
 * Activations and ensembles over a tensor, elements `from` to `to` (any count) of x. Those with an exponential leave their
 * slopes for the gradient in `slopes`, a tensor of their own, which costs less than a second exponential and a
 * second draw; the others take them from x again. y may be x, dx may be dy.
 * Two loops over what the first-level cache holds, exponentials into `slopes` and then the rest: one loop would wait for its own
 * results, since a processor looks only some 100 instructions ahead (measured: 1.4 times the time for Mish).
 */

import { e1, e2, e3, e4, e5, highest, log2e, lowest, magic, minusHalf, twenty, unit, zero } from './constants.as'
import { atMost, expBy, some } from './lanes.as'
import { halves, lowerHalves, upperHalves, words } from './random.as'
import { base, baseSlope, loopOf, respond, shareOf } from './smooth.as'

/** Elements between the two loops. */
const atOnce = 2048

/** The argument of a kind's exponential. */
@inline
function argument(kind: i32, x: v128, beta: v128, held: v128): v128 {
  if (kind == 2) return atMost(f32x4.mul(x, beta), held)
  if (kind == 3) return f32x4.mul(f32x4.mul(x, x), held)
  return atMost(x, held)
}

@inline
function block(kind: i32, mix: i32, capped: i32, x: usize, y: usize, slopes: usize, top: f32, beta: f32, share: f32, state: usize, from: i32, to: i32): void {
  const t = f32x4.splat(top), k = f32x4.splat(-beta), alpha = f32x4.splat(share), rest = f32x4.splat(1 - share)
  // Constants as locals: registers hold them over a loop.
  const held = kind == 2 ? highest : kind == 3 ? minusHalf : kind == 4 ? twenty : zero
  const low = lowest, log = log2e, big = magic, c5 = e5, c4 = e4, c3 = e3, c2 = e2, c1 = e1, one = unit, none = zero
  let e = from
  for (; e + 8 <= to; e += 8) {
    const o = e << 2
    v128.store(slopes + o, expBy(argument(kind, v128.load(x + o), k, held), low, log, big, c5, c4, c3, c2, c1, one))
    v128.store(slopes + o, expBy(argument(kind, v128.load(x + o, 16), k, held), low, log, big, c5, c4, c3, c2, c1, one), 16)
  }
  for (; e < to; e += 4) some(slopes + (e << 2), expBy(argument(kind, v128.load(x + (e << 2)), k, held), low, log, big, c5, c4, c3, c2, c1, one), to - e)
  const below = i32x4.splat(mix == 2 ? load<i32>(state, 4) : 0), key = mix == 2 ? load<i32>(state, 8) : 0
  e = from
  if (mix != 2 || !(from & 1)) for (; e + 8 <= to; e += 8) {
    const o = e << 2, h = mix == 2 ? words(key, e >> 1) : none
    respond(kind, mix, capped, v128.load(x + o), mix == 2 ? lowerHalves(h, below) : none, y + o, slopes + o, 4, t, k, alpha, rest, one, none)
    respond(kind, mix, capped, v128.load(x + o, 16), mix == 2 ? upperHalves(h, below) : none, y + o + 16, slopes + o + 16, 4, t, k, alpha, rest, one, none)
  }
  for (; e < to; e += 4) {
    const o = e << 2
    respond(kind, mix, capped, v128.load(x + o), mix == 2 ? halves(key, e, below) : none, y + o, slopes + o, to - e, t, k, alpha, rest, one, none)
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
