/** Convolution and fully connected layers: int16 dot products, tiles of four pixels by eight channels. */
import { madd } from './dot.as'
import { BIAS, BLOCK_BYTES, clamp, requantise, storeHigh, storeLow } from './requantise.as'
import { frame, widen } from './widen.as'

/*
 * A layer after the fields of its frame (widen.as.ts), int32 each, in bytes. The kernel is cut into runs of elements that lie one after the
 * other in the framed image: ROWS x COLUMNS of them, PAIRS pairs long, ROW_STEP and COLUMN_STEP bytes apart. Weights of a block of eight
 * channels: for each run, for each pair, eight channels x two int8. The last block starts at channels - 8 where it would be ragged.
 */
const FRAME_WIDTH = 4 // elements: pixels x channels
const ROWS = 28
const COLUMNS = 32
const PAIRS = 36
const ROW_STEP = 40
const COLUMN_STEP = 44
const OUT_HEIGHT = 48
const OUT_WIDTH = 52
const OUT_CHANNELS = 56
const OUT_ROW_STEP = 60 // bytes in the framed image
const OUT_PIXEL_STEP = 64
const WEIGHTS = 68
const BLOCK_WEIGHTS = 72 // bytes
const PARAMETERS = 76
const ZERO = 80
const MIN = 84
const MAX = 88
const MODE = 92

/** `pixels` is 4 or 1, a constant where this is inlined; x points at int16, y at int8. */
@inline
function tile(pixels: i32, layer: usize, x: usize, w: usize, p: usize, y: usize, count: i32): void {
  const step: usize = load<i32>(layer, OUT_PIXEL_STEP)
  const pairs = load<i32>(layer, PAIRS)
  let a0 = v128.load(p, BIAS)
  let b0 = v128.load(p, BIAS + 16)
  let a1 = a0
  let b1 = b0
  let a2 = a0
  let b2 = b0
  let a3 = a0
  let b3 = b0
  for (let i = load<i32>(layer, ROWS); i > 0; i--) {
    let run = x
    for (let j = load<i32>(layer, COLUMNS); j > 0; j--) {
      let q = run
      const end = run + ((pairs & ~1) << 2)
      while (q < end) {
        const w0 = v128.load8x8_s(w)
        const w1 = v128.load8x8_s(w, 8)
        const w2 = v128.load8x8_s(w, 16)
        const w3 = v128.load8x8_s(w, 24)
        let u = v128.load32_splat(q)
        let v = v128.load32_splat(q, 4)
        a0 = madd(madd(a0, u, w0), v, w2)
        b0 = madd(madd(b0, u, w1), v, w3)
        if (pixels == 4) {
          let r = q + step
          u = v128.load32_splat(r)
          v = v128.load32_splat(r, 4)
          a1 = madd(madd(a1, u, w0), v, w2)
          b1 = madd(madd(b1, u, w1), v, w3)
          r += step
          u = v128.load32_splat(r)
          v = v128.load32_splat(r, 4)
          a2 = madd(madd(a2, u, w0), v, w2)
          b2 = madd(madd(b2, u, w1), v, w3)
          r += step
          u = v128.load32_splat(r)
          v = v128.load32_splat(r, 4)
          a3 = madd(madd(a3, u, w0), v, w2)
          b3 = madd(madd(b3, u, w1), v, w3)
        }
        w += 32
        q += 8
      }
      if (pairs & 1) {
        const w0 = v128.load8x8_s(w)
        const w1 = v128.load8x8_s(w, 8)
        let u = v128.load32_splat(q)
        a0 = madd(a0, u, w0)
        b0 = madd(b0, u, w1)
        if (pixels == 4) {
          q += step
          u = v128.load32_splat(q)
          a1 = madd(a1, u, w0)
          b1 = madd(b1, u, w1)
          q += step
          u = v128.load32_splat(q)
          a2 = madd(a2, u, w0)
          b2 = madd(b2, u, w1)
          q += step
          u = v128.load32_splat(q)
          a3 = madd(a3, u, w0)
          b3 = madd(b3, u, w1)
        }
        w += 16
      }
      run += load<i32>(layer, COLUMN_STEP)
    }
    x += load<i32>(layer, ROW_STEP)
  }
  const mode = load<i32>(layer, MODE)
  const zero = i16x8.splat(<i16>load<i32>(layer, ZERO))
  const min = i8x16.splat(<i8>load<i32>(layer, MIN))
  const max = i8x16.splat(<i8>load<i32>(layer, MAX))
  const first = requantise(a0, b0, p, mode, zero)
  if (pixels == 4) {
    const channels = load<i32>(layer, OUT_CHANNELS)
    const two = clamp(first, requantise(a1, b1, p, mode, zero), min, max)
    storeLow(y, two, count)
    storeHigh(y + channels, two, count)
    y += channels << 1
    const four = clamp(requantise(a2, b2, p, mode, zero), requantise(a3, b3, p, mode, zero), min, max)
    storeLow(y, four, count)
    storeHigh(y + channels, four, count)
  } else storeLow(y, clamp(first, first, min, max), count)
}

/** `pixels` output pixels, one OUT_PIXEL_STEP apart, all channels. */
function strip(layer: usize, x: usize, y: usize, pixels: i32): void {
  const channels = load<i32>(layer, OUT_CHANNELS)
  const count = channels < 8 ? channels : 8
  const step: usize = load<i32>(layer, OUT_PIXEL_STEP)
  let w: usize = load<i32>(layer, WEIGHTS)
  let p: usize = load<i32>(layer, PARAMETERS)
  for (let channel = 0; channel < channels; channel += 8) {
    const start = channel + 8 > channels ? channels - count : channel
    let q = x
    let z = y + start
    let i = 0
    for (; i + 4 <= pixels; i += 4) {
      tile(4, layer, q, w, p, z, count)
      q += step << 2
      z += channels << 2
    }
    for (; i < pixels; i++) {
      tile(1, layer, q, w, p, z, count)
      q += step
      z += channels
    }
    w += load<i32>(layer, BLOCK_WEIGHTS)
    p += BLOCK_BYTES
  }
}

/** The general form: the image is widened and framed in `scratch`, then read in place. */
export function conv(layer: usize, x: usize, y: usize, scratch: usize): void {
  frame(layer, x, scratch)
  const width = load<i32>(layer, OUT_WIDTH)
  const bytes = width * load<i32>(layer, OUT_CHANNELS)
  for (let row = load<i32>(layer, OUT_HEIGHT); row > 0; row--) {
    strip(layer, scratch, y, width)
    scratch += load<i32>(layer, OUT_ROW_STEP)
    y += bytes
  }
}

/** How many pixels of a 1 x 1 convolution are widened at a time, so that they stay in the nearest cache. */
const STRIP = 64

/** 1 x 1 with stride 1, and fully connected: `pixels` rows of FRAME_WIDTH elements. */
export function pointwise(layer: usize, x: usize, y: usize, scratch: usize, pixels: i32): void {
  const elements = load<i32>(layer, FRAME_WIDTH)
  const channels = load<i32>(layer, OUT_CHANNELS)
  for (; pixels > 0; pixels -= STRIP) {
    const count = pixels < STRIP ? pixels : STRIP
    widen(x, scratch, count * elements)
    strip(layer, scratch, y, count)
    x += count * elements
    y += count * channels
  }
}
