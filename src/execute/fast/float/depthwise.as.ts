/** Depthwise convolution in double, four channels at a time, each sum in the order of its taps. */
import { BLOCK_BYTES, BLOCKS, close, HIGH, LOW, START } from './close.as'
import { frame } from './frame.as'

/*
 * A layer after the fields of its frame (frame.as.ts), int32 each, in bytes. Weights of a block: for each tap four doubles. TAPS points at
 * the byte offset of each tap from an output's first in the framed image.
 */
const TAPS = 28
const COUNT = 32
const OUT_HEIGHT = 36
const OUT_WIDTH = 40
const CHANNELS = 44
const OUT_ROW_STEP = 48 // bytes in the framed image
const OUT_PIXEL_STEP = 52
const WEIGHTS = 56
const PARAMETERS = 60

/** `pixels` is 2 or 1, a constant where this is inlined. */
@inline
function tile(pixels: i32, layer: usize, x: usize, w: usize, p: usize, y: usize, count: i32): void {
  const step: usize = load<i32>(layer, OUT_PIXEL_STEP)
  let a0 = v128.load(p, START)
  let b0 = v128.load(p, START + 16)
  let a1 = a0
  let b1 = b0
  let tap: usize = load<i32>(layer, TAPS)
  const end = tap + (load<i32>(layer, COUNT) << 2)
  while (tap < end) {
    const r = x + load<i32>(tap)
    const w0 = v128.load(w)
    const w1 = v128.load(w, 16)
    a0 = f64x2.add(a0, f64x2.mul(v128.load(r), w0))
    b0 = f64x2.add(b0, f64x2.mul(v128.load(r, 16), w1))
    if (pixels == 2) {
      a1 = f64x2.add(a1, f64x2.mul(v128.load(r + step), w0))
      b1 = f64x2.add(b1, f64x2.mul(v128.load(r + step, 16), w1))
    }
    w += 32
    tap += 4
  }
  const ends: usize = load<i32>(layer, PARAMETERS)
  const low = v128.load64_splat(ends, LOW)
  const high = v128.load64_splat(ends, HIGH)
  close(y, a0, b0, p, low, high, count)
  if (pixels == 2) close(y + (load<i32>(layer, CHANNELS) << 2), a1, b1, p, low, high, count)
}

function row(layer: usize, x: usize, y: usize): void {
  const channels = load<i32>(layer, CHANNELS)
  const count = channels < 4 ? channels : 4
  const step: usize = load<i32>(layer, OUT_PIXEL_STEP)
  const width = load<i32>(layer, OUT_WIDTH)
  let w: usize = load<i32>(layer, WEIGHTS)
  let p: usize = load<i32>(layer, PARAMETERS) + BLOCKS
  for (let channel = 0; channel < channels; channel += 4) {
    const start = channel + 4 > channels ? channels - count : channel
    let q = x + (start << 3)
    let z = y + (start << 2)
    let i = 0
    for (; i + 2 <= width; i += 2) {
      tile(2, layer, q, w, p, z, count)
      q += step << 1
      z += channels << 3
    }
    if (i < width) tile(1, layer, q, w, p, z, count)
    w += load<i32>(layer, COUNT) << 5
    p += BLOCK_BYTES
  }
}

export function floatDepthwise(layer: usize, x: usize, y: usize, scratch: usize): void {
  frame(layer, x, scratch)
  const bytes = (load<i32>(layer, OUT_WIDTH) * load<i32>(layer, CHANNELS)) << 2
  for (let i = load<i32>(layer, OUT_HEIGHT); i > 0; i--) {
    row(layer, scratch, y)
    scratch += load<i32>(layer, OUT_ROW_STEP)
    y += bytes
  }
}
