/** Depthwise convolution, eight channels at a time: pairs of taps interleaved for int16 dot products. */
import { madd } from './dot.as'
import { BIAS, BLOCK_BYTES, clamp, requantise, storeHigh, storeLow } from './requantise.as'
import { frame } from './widen.as'

/*
 * A layer after the fields of its frame (widen.as.ts), int32 each, in bytes. Weights of a block: for each pair of taps, eight channels x
 * two int8. TAPS points at two byte offsets for each pair, from an output's first tap in the framed image.
 */
const TAPS = 28
const PAIRS = 32
const OUT_HEIGHT = 36
const OUT_WIDTH = 40
const CHANNELS = 44
const OUT_ROW_STEP = 48 // bytes in the framed image
const OUT_PIXEL_STEP = 52
const WEIGHTS = 56
const PARAMETERS = 60
const ZERO = 64
const MIN = 68
const MAX = 72
const MODE = 76

@inline
function low(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
}

@inline
function high(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
}

/** `pixels` is 2 or 1, a constant where this is inlined. */
@inline
function tile(pixels: i32, layer: usize, x: usize, w: usize, p: usize, y: usize, count: i32): void {
  const step: usize = load<i32>(layer, OUT_PIXEL_STEP)
  let a0 = v128.load(p, BIAS)
  let b0 = v128.load(p, BIAS + 16)
  let a1 = a0
  let b1 = b0
  let tap: usize = load<i32>(layer, TAPS)
  const end = tap + (load<i32>(layer, PAIRS) << 3)
  while (tap < end) {
    const r = x + load<i32>(tap)
    const s = x + load<i32>(tap, 4)
    const w0 = v128.load8x8_s(w)
    const w1 = v128.load8x8_s(w, 8)
    let u = v128.load(r)
    let v = v128.load(s)
    a0 = madd(a0, low(u, v), w0)
    b0 = madd(b0, high(u, v), w1)
    if (pixels == 2) {
      u = v128.load(r + step)
      v = v128.load(s + step)
      a1 = madd(a1, low(u, v), w0)
      b1 = madd(b1, high(u, v), w1)
    }
    w += 16
    tap += 8
  }
  const mode = load<i32>(layer, MODE)
  const zero = i16x8.splat(<i16>load<i32>(layer, ZERO))
  const first = requantise(a0, b0, p, mode, zero)
  const second = pixels == 2 ? requantise(a1, b1, p, mode, zero) : first
  const bytes = clamp(first, second, i8x16.splat(<i8>load<i32>(layer, MIN)), i8x16.splat(<i8>load<i32>(layer, MAX)))
  storeLow(y, bytes, count)
  if (pixels == 2) storeHigh(y + load<i32>(layer, CHANNELS), bytes, count)
}

function row(layer: usize, x: usize, y: usize): void {
  const channels = load<i32>(layer, CHANNELS)
  const count = channels < 8 ? channels : 8
  const step: usize = load<i32>(layer, OUT_PIXEL_STEP)
  const width = load<i32>(layer, OUT_WIDTH)
  let w: usize = load<i32>(layer, WEIGHTS)
  let p: usize = load<i32>(layer, PARAMETERS)
  for (let channel = 0; channel < channels; channel += 8) {
    const start = channel + 8 > channels ? channels - count : channel
    let q = x + (start << 1)
    let z = y + start
    let i = 0
    for (; i + 2 <= width; i += 2) {
      tile(2, layer, q, w, p, z, count)
      q += step << 1
      z += channels << 1
    }
    if (i < width) tile(1, layer, q, w, p, z, count)
    w += load<i32>(layer, PAIRS) << 4
    p += BLOCK_BYTES
  }
}

export function depthwise(layer: usize, x: usize, y: usize, scratch: usize): void {
  frame(layer, x, scratch)
  const bytes = load<i32>(layer, OUT_WIDTH) * load<i32>(layer, CHANNELS)
  for (let i = load<i32>(layer, OUT_HEIGHT); i > 0; i--) {
    row(layer, scratch, y)
    scratch += load<i32>(layer, OUT_ROW_STEP)
    y += bytes
  }
}
