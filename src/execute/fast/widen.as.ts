/** int8 rows to int16, with a margin of the zero point around the image: what convolutions read. */

/** Writes up to 30 bytes past the last element; reads up to 15 past it. */
@inline
export function widen(x: usize, y: usize, count: i32): void {
  const end = y + (count << 1)
  while (y < end) {
    const v = v128.load(x)
    v128.store(y, i16x8.extend_low_i8x16_s(v))
    v128.store(y, i16x8.extend_high_i8x16_s(v), 16)
    x += 16
    y += 32
  }
}

@inline
function fill(y: usize, count: i32, value: v128): void {
  const end = y + (count << 1)
  while (y < end) {
    v128.store(y, value)
    y += 16
  }
}

/* The first fields of a layer, int32 each, in bytes. Width and side margins count elements (pixels x channels), the others rows. */
const HEIGHT = 0
const WIDTH = 4
const TOP = 8
const BOTTOM = 12
const LEFT = 16
const RIGHT = 20
const VALUE = 24

/** The image at x as int16 at y, with its margin. */
export function frame(layer: usize, x: usize, y: usize): void {
  const width = load<i32>(layer, WIDTH)
  const left = load<i32>(layer, LEFT)
  const right = load<i32>(layer, RIGHT)
  const rowElements = left + width + right
  const value = i16x8.splat(<i16>load<i32>(layer, VALUE))
  const above = load<i32>(layer, TOP) * rowElements
  fill(y, above, value)
  y += above << 1
  for (let row = load<i32>(layer, HEIGHT); row > 0; row--) {
    fill(y, left, value)
    widen(x, y + (left << 1), width)
    fill(y + ((left + width) << 1), right, value)
    x += width
    y += rowElements << 1
  }
  fill(y, load<i32>(layer, BOTTOM) * rowElements, value)
}
