/** Average and maximum pools over NHWC images, eight channels at a time. */
import { storeLow } from './requantise.as'

/* A layer, int32 each, in bytes. */
const HEIGHT = 0
const WIDTH = 4
const CHANNELS = 8
const OUT_HEIGHT = 12
const OUT_WIDTH = 16
const KERNEL_HEIGHT = 20
const KERNEL_WIDTH = 24
const STRIDE_HEIGHT = 28
const STRIDE_WIDTH = 32
const TOP = 36
const LEFT = 40
const MIN = 44
const MAX = 48

/** The sum over a window, divided and rounded away from zero. In float32 the quotient of integers below 2^24 truncates as theirs does. */
@inline
function divide(sum: v128, half: v128, count: v128): v128 {
  const sign = i32x4.shr_s(sum, 31)
  const numerator = i32x4.add(sum, i32x4.sub(v128.xor(half, sign), sign))
  return i32x4.trunc_sat_f32x4_s(f32x4.div(f32x4.convert_i32x4_s(numerator), count))
}

@inline
function average(x: usize, rowBytes: i32, channels: i32, rows: i32, columns: i32): v128 {
  let low = i32x4.splat(0)
  let high = i32x4.splat(0)
  for (let i = 0; i < rows; i++) {
    let q = x
    for (let j = 0; j < columns; j++) {
      const v = v128.load8x8_s(q)
      low = i32x4.add(low, i32x4.extend_low_i16x8_s(v))
      high = i32x4.add(high, i32x4.extend_high_i16x8_s(v))
      q += channels
    }
    x += rowBytes
  }
  const half = i32x4.splat((rows * columns) >> 1)
  const count = f32x4.splat(<f32>(rows * columns))
  const mean = i16x8.narrow_i32x4_s(divide(low, half, count), divide(high, half, count))
  return i8x16.narrow_i16x8_s(mean, mean)
}

@inline
function maximum(x: usize, rowBytes: i32, channels: i32, rows: i32, columns: i32): v128 {
  let top = i8x16.splat(-128)
  for (let i = 0; i < rows; i++) {
    let q = x
    for (let j = 0; j < columns; j++) {
      top = i8x16.max_s(top, v128.load64_zero(q))
      q += channels
    }
    x += rowBytes
  }
  return top
}

@inline
function clip(start: i32, extent: i32): i32 {
  return start < 0 ? 0 : start > extent ? extent : start
}

@inline
function pool(averages: bool, layer: usize, x: usize, y: usize): void {
  const height = load<i32>(layer, HEIGHT)
  const width = load<i32>(layer, WIDTH)
  const channels = load<i32>(layer, CHANNELS)
  const outWidth = load<i32>(layer, OUT_WIDTH)
  const count = channels < 8 ? channels : 8
  const min = i8x16.splat(<i8>load<i32>(layer, MIN))
  const max = i8x16.splat(<i8>load<i32>(layer, MAX))
  for (let oy = 0; oy < load<i32>(layer, OUT_HEIGHT); oy++) {
    const top = oy * load<i32>(layer, STRIDE_HEIGHT) - load<i32>(layer, TOP)
    const y0 = clip(top, height)
    const rows = clip(top + load<i32>(layer, KERNEL_HEIGHT), height) - y0
    for (let ox = 0; ox < outWidth; ox++) {
      const left = ox * load<i32>(layer, STRIDE_WIDTH) - load<i32>(layer, LEFT)
      const x0 = clip(left, width)
      const columns = clip(left + load<i32>(layer, KERNEL_WIDTH), width) - x0
      const from = x + (y0 * width + x0) * channels
      for (let channel = 0; channel < channels; channel += 8) {
        const start = channel + 8 > channels ? channels - count : channel
        const v = averages
          ? average(from + start, width * channels, channels, rows, columns)
          : maximum(from + start, width * channels, channels, rows, columns)
        storeLow(y + start, i8x16.min_s(i8x16.max_s(v, min), max), count)
      }
      y += channels
    }
  }
}

export function averagePool(layer: usize, x: usize, y: usize): void {
  pool(true, layer, x, y)
}

export function maxPool(layer: usize, x: usize, y: usize): void {
  pool(false, layer, x, y)
}
