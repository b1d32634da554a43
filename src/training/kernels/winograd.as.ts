/**
 * Convolution by 3 x 3, 3 x 1 and 1 x 3 windows of stride 1 with fewer products: Winograd's F(2, 3) (Lavin and Gray, "Fast Algorithms
 * for Convolutional Neural Networks", 2016) along the axes of 3 taps. Two outputs of an axis take 4 products instead of 6: a tile of
 * 2 x 2 takes 16 instead of 36. Of tiles' transformed inputs [positions, tiles, channels] each position is one matrix product with the
 * panels of conv.as.ts. Transforms run along one axis at a time, over runs of floats that lie side by side: whole rows along the height,
 * pixels along the width, of 4 channels or more. An axis is `tall` (height) or `wide` (width), 1 or 0.
 */

import { conv } from './conv.as'

/** Four inputs `step` apart become four planes: B^T d. */
@inline
function spreadFour(p: usize, q: usize, step: i32, plane: i32): void {
  const a = v128.load(p), b = v128.load(p + step), c = v128.load(p + 2 * step), d = v128.load(p + 3 * step)
  v128.store(q, f32x4.sub(a, c))
  v128.store(q + plane, f32x4.add(b, c))
  v128.store(q + 2 * plane, f32x4.sub(c, b))
  v128.store(q + 3 * plane, f32x4.sub(b, d))
}

/** Over `run` bytes, 16 or more; what is left over joins the vector before it, whose other results are written again. */
@inline
function spread(p: usize, q: usize, step: i32, run: i32, plane: i32): void {
  let o = 0
  for (; o + 16 <= run; o += 16) spreadFour(p + o, q + o, step, plane)
  if (o < run) spreadFour(p + run - 16, q + run - 16, step, plane)
}

/** Four planes become two outputs `step` apart, or the first alone: A^T m. */
@inline
function joinFour(p: usize, q: usize, plane: i32, step: i32, both: bool): void {
  const a = v128.load(p), b = v128.load(p + plane), c = v128.load(p + 2 * plane)
  v128.store(q, f32x4.add(f32x4.add(a, b), c))
  if (both) v128.store(q + step, f32x4.sub(f32x4.sub(b, c), v128.load(p + 3 * plane)))
}

/** Over `run` bytes, as `spread`. */
@inline
function join(p: usize, q: usize, plane: i32, run: i32, step: i32, both: bool): void {
  let o = 0
  for (; o + 16 <= run; o += 16) joinFour(p + o, q + o, plane, step, both)
  if (o < run) joinFour(p + run - 16, q + run - 16, plane, step, both)
}

/**
 * `rows` rows of `columns` tiles of a padded image, whose lines are `line` bytes and pixels `pixel`, into planes of `plane` bytes.
 * `between` holds 4 lines of the image where both axes are transformed.
 */
export function tileInputs(x: usize, v: usize, between: usize, rows: i32, columns: i32, pixel: i32, line: i32, tall: i32, wide: i32, plane: i32): void {
  const width = (wide ? 2 * columns + 2 : columns) * pixel
  for (let r = 0; r < rows; r++) {
    const to = v + r * columns * pixel
    let from = x + r * line
    if (tall) {
      from += r * line
      spread(from, wide ? between : to, line, width, wide ? width : plane)
      from = between
    }
    if (wide) for (let h = 0; h <= 3 * tall; h++) for (let c = 0; c < columns; c++) {
      spread(from + h * width + 2 * c * pixel, to + 4 * h * plane + c * pixel, pixel, pixel, plane)
    }
  }
}

/** m [positions, tiles, outputs] from v [positions, tiles, inputs]. */
export function tileProducts(v: usize, panels: usize, m: usize, positions: i32, tiles: i32, inputs: i32, outputs: i32): void {
  const panelBytes = ((outputs + 7) >> 3) * ((inputs + 1) << 5)
  for (let p = 0; p < positions; p++) {
    conv(v + p * tiles * (inputs << 2), panels + p * panelBytes, m + p * tiles * (outputs << 2), 1, tiles, outputs, 1, 1, inputs, 0, 0, 0, inputs << 2, 0, outputs << 2)
  }
}

/** `rows` rows of tiles into y, of which `height` rows of `width` pixels are left; `between` as in `tileInputs`, 4 lines of y. */
export function tileOutputs(m: usize, y: usize, between: usize, rows: i32, columns: i32, pixel: i32, height: i32, width: i32, tall: i32, wide: i32, plane: i32): void {
  const line = width * pixel
  for (let r = 0; r < rows; r++) {
    const tiles = m + r * columns * pixel
    const to = y + r * line * (1 + tall)
    if (wide) for (let h = 0; h <= 3 * tall; h++) for (let c = 0; c < columns; c++) {
      join(tiles + 4 * h * plane + c * pixel, (tall ? between : to) + h * line + 2 * c * pixel, plane, pixel, pixel, 2 * c + 1 < width)
    }
    if (tall) join(wide ? between : tiles, to, wide ? line : plane, line, line, 2 * r + 1 < height)
  }
}
