/** Sums, scales and dropout over elements `from` to `to`, and sums over rows; any counts. y may be an input. */

import { some } from './lanes.as'
import { drawn } from './random.as'
import { rowsAtOnce } from './norm.as'

export function add(a: usize, b: usize, y: usize, from: i32, to: i32): void {
  let e = from
  for (; e + 4 <= to; e += 4) v128.store(y + (e << 2), f32x4.add(v128.load(a + (e << 2)), v128.load(b + (e << 2))))
  if (e < to) some(y + (e << 2), f32x4.add(v128.load(a + (e << 2)), v128.load(b + (e << 2))), to - e)
}

/** Adds the sums over rows `from` to `to` of x [rows, channels] into y [channels]: the gradient of a bias. */
export function addRows(x: usize, y: usize, channels: i32, from: i32, to: i32): void {
  const row = channels << 2, step = rowsAtOnce(channels)
  for (let start = from; start < to; start += step) {
    const end = min(start + step, to)
    for (let c = 0; c < row; c += 16) {
      let sum = f32x4.splat(0)
      let p = x + start * row + c
      for (let r = start; r < end; r++) {
        sum = f32x4.add(sum, v128.load(p))
        p += row
      }
      some(y + c, f32x4.add(v128.load(y + c), sum), (row - c) >> 2)
    }
  }
}

/** Keeps an element, times 1 / (1 - rate), where the draw is at or above the rate: state is [below i32, key i32]. Its own gradient. */
export function dropout(state: usize, scale: f32, x: usize, y: usize, from: i32, to: i32): void {
  const below = i32x4.splat(load<i32>(state)), key = load<i32>(state, 4), s = f32x4.splat(scale)
  for (let e = from; e < to; e += 4) {
    some(y + (e << 2), v128.andnot(f32x4.mul(v128.load(x + (e << 2)), s), drawn(key, e, below)), to - e)
  }
}

/** Dropout of whole channels: images `from` to `to` of [pixels, channels], the draw of channel c in image n being element n channels + c. */
export function dropoutChannels(state: usize, scale: f32, x: usize, y: usize, channels: i32, pixels: i32, from: i32, to: i32): void {
  const below = i32x4.splat(load<i32>(state)), key = load<i32>(state, 4), s = f32x4.splat(scale), row = channels << 2
  for (let n = from; n < to; n++) for (let c = 0; c < row; c += 16) {
    const kept = v128.andnot(s, drawn(key, n * channels + (c >> 2), below))
    for (let p = n * pixels; p < (n + 1) * pixels; p++) some(y + p * row + c, f32x4.mul(v128.load(x + p * row + c), kept), (row - c) >> 2)
  }
}
