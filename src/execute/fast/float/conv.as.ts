/** Convolution and fully connected layers in double: tiles of four pixels by four channels, each sum in the order of its elements. */
import { BLOCK_BYTES, BLOCKS, close, HIGH, LOW, START } from './close.as'
import { frame, promote } from './frame.as'

/*
 * A layer after the fields of its frame (frame.as.ts), int32 each, in bytes. The kernel is cut into runs of elements that lie one after the
 * other in the framed image: ROWS x COLUMNS of them, ELEMENTS long, ROW_STEP and COLUMN_STEP bytes apart. Weights of a block of four
 * channels: for each run, for each element, four doubles. The last block starts at channels - 4 where it would be ragged.
 */
const FRAME_WIDTH = 4 // elements: pixels x channels
const ROWS = 28
const COLUMNS = 32
const ELEMENTS = 36
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

@inline
function add(sum: v128, x: v128, w: v128): v128 {
  return f64x2.add(sum, f64x2.mul(x, w))
}

/** `pixels` is 4 or 1, a constant where this is inlined; x points at doubles, y at float32. */
@inline
function tile(pixels: i32, layer: usize, x: usize, w: usize, p: usize, y: usize, count: i32): void {
  const step: usize = load<i32>(layer, OUT_PIXEL_STEP)
  const bytes: usize = load<i32>(layer, ELEMENTS) << 3
  let a0 = v128.load(p, START)
  let b0 = v128.load(p, START + 16)
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
      const end = run + bytes
      while (q < end) {
        const w0 = v128.load(w)
        const w1 = v128.load(w, 16)
        let v = v128.load64_splat(q)
        a0 = add(a0, v, w0)
        b0 = add(b0, v, w1)
        if (pixels == 4) {
          let r = q + step
          v = v128.load64_splat(r)
          a1 = add(a1, v, w0)
          b1 = add(b1, v, w1)
          r += step
          v = v128.load64_splat(r)
          a2 = add(a2, v, w0)
          b2 = add(b2, v, w1)
          r += step
          v = v128.load64_splat(r)
          a3 = add(a3, v, w0)
          b3 = add(b3, v, w1)
        }
        w += 32
        q += 8
      }
      run += load<i32>(layer, COLUMN_STEP)
    }
    x += load<i32>(layer, ROW_STEP)
  }
  const ends: usize = load<i32>(layer, PARAMETERS)
  const low = v128.load64_splat(ends, LOW)
  const high = v128.load64_splat(ends, HIGH)
  close(y, a0, b0, p, low, high, count)
  if (pixels == 4) {
    const pixel: usize = load<i32>(layer, OUT_CHANNELS) << 2
    close(y + pixel, a1, b1, p, low, high, count)
    close(y + 2 * pixel, a2, b2, p, low, high, count)
    close(y + 3 * pixel, a3, b3, p, low, high, count)
  }
}

/** `pixels` output pixels, one OUT_PIXEL_STEP apart, all channels. */
function strip(layer: usize, x: usize, y: usize, pixels: i32): void {
  const channels = load<i32>(layer, OUT_CHANNELS)
  const count = channels < 4 ? channels : 4
  const step: usize = load<i32>(layer, OUT_PIXEL_STEP)
  let w: usize = load<i32>(layer, WEIGHTS)
  let p: usize = load<i32>(layer, PARAMETERS) + BLOCKS
  for (let channel = 0; channel < channels; channel += 4) {
    const start = channel + 4 > channels ? channels - count : channel
    let q = x
    let z = y + (start << 2)
    let i = 0
    for (; i + 4 <= pixels; i += 4) {
      tile(4, layer, q, w, p, z, count)
      q += step << 2
      z += channels << 4
    }
    for (; i < pixels; i++) {
      tile(1, layer, q, w, p, z, count)
      q += step
      z += channels << 2
    }
    w += load<i32>(layer, BLOCK_WEIGHTS)
    p += BLOCK_BYTES
  }
}

/** The general form: the image is promoted and framed in `scratch`, then read in place. */
export function floatConv(layer: usize, x: usize, y: usize, scratch: usize): void {
  frame(layer, x, scratch)
  const width = load<i32>(layer, OUT_WIDTH)
  const bytes = (width * load<i32>(layer, OUT_CHANNELS)) << 2
  for (let row = load<i32>(layer, OUT_HEIGHT); row > 0; row--) {
    strip(layer, scratch, y, width)
    scratch += load<i32>(layer, OUT_ROW_STEP)
    y += bytes
  }
}

/** How many pixels of a 1 x 1 convolution are promoted at a time, so that they stay in the nearest cache. */
const STRIP = 32

/** 1 x 1 with stride 1, and fully connected: `pixels` rows of FRAME_WIDTH elements. */
export function floatPointwise(layer: usize, x: usize, y: usize, scratch: usize, pixels: i32): void {
  const elements = load<i32>(layer, FRAME_WIDTH)
  const channels = load<i32>(layer, OUT_CHANNELS)
  for (; pixels > 0; pixels -= STRIP) {
    const count = pixels < STRIP ? pixels : STRIP
    promote(x, scratch, count * elements)
    strip(layer, scratch, y, count)
    x += (count * elements) << 2
    y += (count * channels) << 2
  }
}
