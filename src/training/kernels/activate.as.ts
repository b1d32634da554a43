/**
 * Activations and ensembles over a tensor, in one pass; elements `from` to `to` (any count) of x. The gradient repeats
 * the draw of the forward pass, because a draw depends on key and element alone. dx may be dy.
 */

import { some } from './lanes.as'
import { derivative, loopOf, shareOf, value } from './mixed.as'

@inline
function forward(kind: i32, mix: i32, x: usize, y: usize, top: f32, beta: f32, share: f32, state: usize, from: i32, to: i32): void {
  const t = f32x4.splat(top), b = f32x4.splat(beta), alpha = f32x4.splat(share), rest = f32x4.splat(1 - share)
  const below = i32x4.splat(mix == 2 ? load<i32>(state, 4) : 0), key = mix == 2 ? load<i32>(state, 8) : 0
  let e = from
  for (; e + 4 <= to; e += 4) v128.store(y + (e << 2), value(kind, mix, v128.load(x + (e << 2)), e, t, b, alpha, rest, below, key))
  if (e < to) some(y + (e << 2), value(kind, mix, v128.load(x + (e << 2)), e, t, b, alpha, rest, below, key), to - e)
}

@inline
function backward(kind: i32, mix: i32, x: usize, dy: usize, dx: usize, top: f32, beta: f32, share: f32, state: usize, from: i32, to: i32): void {
  const t = f32x4.splat(top), b = f32x4.splat(beta), alpha = f32x4.splat(share), rest = f32x4.splat(1 - share)
  const below = i32x4.splat(mix == 2 ? load<i32>(state, 4) : 0), key = mix == 2 ? load<i32>(state, 8) : 0
  let e = from
  for (; e < to; e += 4) {
    const o = e << 2
    const d = f32x4.mul(v128.load(dy + o), derivative(kind, mix, v128.load(x + o), e, t, b, alpha, rest, below, key))
    if (e + 4 <= to) v128.store(dx + o, d)
    else some(dx + o, d, to - e)
  }
}

export function activate(kind: i32, mix: i32, top: f32, beta: f32, state: usize, x: usize, y: usize, from: i32, to: i32): void {
  const share = shareOf(mix, state)
  switch (loopOf(kind, mix, state)) {
    case 0: forward(0, 0, x, y, top, beta, share, state, from, to); break
    case 1: forward(1, 0, x, y, top, beta, share, state, from, to); break
    case 2: forward(2, 1, x, y, top, beta, share, state, from, to); break
    case 3: forward(2, 2, x, y, top, beta, share, state, from, to); break
    case 4: forward(3, 1, x, y, top, beta, share, state, from, to); break
    case 5: forward(3, 2, x, y, top, beta, share, state, from, to); break
    case 6: forward(4, 1, x, y, top, beta, share, state, from, to); break
    case 7: forward(4, 2, x, y, top, beta, share, state, from, to); break
    case 8: forward(5, 1, x, y, top, beta, share, state, from, to); break
    default: forward(5, 2, x, y, top, beta, share, state, from, to)
  }
}

export function activateGradient(kind: i32, mix: i32, top: f32, beta: f32, state: usize, x: usize, dy: usize, dx: usize, from: i32, to: i32): void {
  const share = shareOf(mix, state)
  switch (loopOf(kind, mix, state)) {
    case 0: backward(0, 0, x, dy, dx, top, beta, share, state, from, to); break
    case 1: backward(1, 0, x, dy, dx, top, beta, share, state, from, to); break
    case 2: backward(2, 1, x, dy, dx, top, beta, share, state, from, to); break
    case 3: backward(2, 2, x, dy, dx, top, beta, share, state, from, to); break
    case 4: backward(3, 1, x, dy, dx, top, beta, share, state, from, to); break
    case 5: backward(3, 2, x, dy, dx, top, beta, share, state, from, to); break
    case 6: backward(4, 1, x, dy, dx, top, beta, share, state, from, to); break
    case 7: backward(4, 2, x, dy, dx, top, beta, share, state, from, to); break
    case 8: backward(5, 1, x, dy, dx, top, beta, share, state, from, to); break
    default: backward(5, 2, x, dy, dx, top, beta, share, state, from, to)
  }
}
