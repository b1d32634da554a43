/**
 * Activations and ensembles over a tensor, elements `from` to `to` (any count) of x. Those with an exponential leave their
 * slopes for the gradient (`slopes`, a tensor of their own, or 0), which costs less than a second exponential and a
 * second draw; the others take them from x again. dx may be dy.
 */

import { some } from './lanes.as'
import { baseSlope, loopOf, respond, shareOf } from './smooth.as'

@inline
function forward(kind: i32, mix: i32, x: usize, y: usize, slopes: usize, top: f32, beta: f32, share: f32, state: usize, from: i32, to: i32): void {
  const t = f32x4.splat(top), b = f32x4.splat(beta), alpha = f32x4.splat(share), rest = f32x4.splat(1 - share)
  const below = i32x4.splat(mix == 2 ? load<i32>(state, 4) : 0), key = mix == 2 ? load<i32>(state, 8) : 0
  let e = from
  for (; e + 4 <= to; e += 4) {
    const o = e << 2
    respond(kind, mix, v128.load(x + o), e, y + o, slopes ? slopes + o : 0, 4, t, b, alpha, rest, below, key)
  }
  if (e < to) respond(kind, mix, v128.load(x + (e << 2)), e, y + (e << 2), slopes ? slopes + (e << 2) : 0, to - e, t, b, alpha, rest, below, key)
}

export function activate(kind: i32, mix: i32, top: f32, beta: f32, state: usize, x: usize, y: usize, slopes: usize, from: i32, to: i32): void {
  const share = shareOf(mix, state)
  switch (loopOf(kind, mix, state)) {
    case 0: forward(0, 0, x, y, slopes, top, beta, share, state, from, to); break
    case 1: forward(1, 0, x, y, slopes, top, beta, share, state, from, to); break
    case 2: forward(2, 1, x, y, slopes, top, beta, share, state, from, to); break
    case 3: forward(2, 2, x, y, slopes, top, beta, share, state, from, to); break
    case 4: forward(3, 1, x, y, slopes, top, beta, share, state, from, to); break
    case 5: forward(3, 2, x, y, slopes, top, beta, share, state, from, to); break
    case 6: forward(4, 1, x, y, slopes, top, beta, share, state, from, to); break
    case 7: forward(4, 2, x, y, slopes, top, beta, share, state, from, to); break
    case 8: forward(5, 1, x, y, slopes, top, beta, share, state, from, to); break
    default: forward(5, 2, x, y, slopes, top, beta, share, state, from, to)
  }
}

export function activateGradient(kind: i32, mix: i32, top: f32, state: usize, x: usize, slopes: usize, dy: usize, dx: usize, from: i32, to: i32): void {
  const loop = loopOf(kind, mix, state), t = f32x4.splat(top)
  if (loop > 1) for (let e = from; e < to; e += 4) some(dx + (e << 2), f32x4.mul(v128.load(dy + (e << 2)), v128.load(slopes + (e << 2))), to - e)
  else if (loop == 1) for (let e = from; e < to; e += 4) some(dx + (e << 2), f32x4.mul(v128.load(dy + (e << 2)), baseSlope(v128.load(x + (e << 2)), t)), to - e)
  else memory.copy(dx + (from << 2), dy + (from << 2), (to - from) << 2)
}
