/** int8 rows to int16, with a margin of the zero point around the image: what convolutions read. */

/** Writes up to 30 bytes past the last element; reads up to 15 past it. */
// @ts-ignore: decorator
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

// @ts-ignore: decorator
@inline
function fill(y: usize, count: i32, value: v128): void {
  const end = y + (count << 1)
  while (y < end) {
    v128.store(y, value)
    y += 16
  }
}

/** An image of `height` rows of `width` elements (pixels x channels) into int16 rows with `left` and `right` elements and `top` and `bottom` rows of `value` about it. */
export function frame(x: usize, y: usize, height: i32, width: i32, top: i32, bottom: i32, left: i32, right: i32, value: i32): void {
  const margin = i16x8.splat(<i16>value)
  const rowBytes = (left + width + right) << 1
  fill(y, top * (rowBytes >> 1), margin)
  y += top * rowBytes
  for (let row = 0; row < height; row++) {
    fill(y, left, margin)
    widen(x, y + (left << 1), width)
    fill(y + ((left + width) << 1), right, margin)
    x += width
    y += rowBytes
  }
  fill(y, bottom * (rowBytes >> 1), margin)
}
