/** float32 rows to double, with a margin of zeros around the image: what float convolutions read. */

/** Writes up to 8 bytes past the last element; reads up to 4 past it. */
@inline
export function promote(x: usize, y: usize, count: i32): void {
  const end = y + (count << 3)
  while (y < end) {
    v128.store(y, f64x2.promote_low_f32x4(v128.load64_zero(x)))
    x += 8
    y += 16
  }
}

@inline
function clear(y: usize, count: i32): void {
  memory.fill(y, 0, count << 3)
}

/* The first fields of a layer, int32 each, in bytes. Width and side margins count elements (pixels x channels), the others rows. */
const HEIGHT = 0
const WIDTH = 4
const TOP = 8
const BOTTOM = 12
const LEFT = 16
const RIGHT = 20

/** The image at x as doubles at y, with its margin. */
export function frame(layer: usize, x: usize, y: usize): void {
  const width = load<i32>(layer, WIDTH)
  const left = load<i32>(layer, LEFT)
  const right = load<i32>(layer, RIGHT)
  const rowElements = left + width + right
  const above = load<i32>(layer, TOP) * rowElements
  clear(y, above)
  y += above << 3
  for (let row = load<i32>(layer, HEIGHT); row > 0; row--) {
    clear(y, left)
    promote(x, y + (left << 3), width)
    clear(y + ((left + width) << 3), right)
    x += width << 2
    y += rowElements << 3
  }
  clear(y, load<i32>(layer, BOTTOM) * rowElements)
}
