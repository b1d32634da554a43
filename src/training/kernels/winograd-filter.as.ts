/**
 * The filter gradient of the convolutions of winograd.as.ts: of each position the product of the tiles' transformed inputs with their
 * transformed gradients is summed over tiles and images, and at the end becomes the gradient of the taps: dg = G^T sum (B^T d) (A dy).
 */

import { convFilter } from './conv-filter.as'
import { some } from './lanes.as'

/** Two gradients `step` apart, or one, become four planes: A dy. */
@inline
function widenFour(p: usize, q: usize, step: i32, plane: i32, both: bool): void {
  const a = v128.load(p), b = both ? v128.load(p + step) : f32x4.splat(0)
  v128.store(q, a)
  v128.store(q + plane, f32x4.add(a, b))
  v128.store(q + 2 * plane, f32x4.sub(a, b))
  v128.store(q + 3 * plane, f32x4.neg(b))
}

/** Over `run` bytes, as `spread` of winograd.as.ts. */
@inline
function widen(p: usize, q: usize, step: i32, run: i32, plane: i32, both: bool): void {
  let o = 0
  for (; o + 16 <= run; o += 16) widenFour(p + o, q + o, step, plane, both)
  if (o < run) widenFour(p + run - 16, q + run - 16, step, plane, both)
}

/** `rows` rows of tiles of dy, of which `height` rows of `width` pixels are left, into planes; the rest as in `tileInputs`. */
export function tileGradients(dy: usize, w: usize, between: usize, rows: i32, columns: i32, pixel: i32, height: i32, width: i32, tall: i32, wide: i32, plane: i32): void {
  const line = width * pixel
  for (let r = 0; r < rows; r++) {
    const to = w + r * columns * pixel
    let from = dy + r * line
    if (tall) {
      from += r * line
      widen(from, wide ? between : to, line, line, wide ? line : plane, 2 * r + 1 < height)
      from = between
    }
    if (wide) for (let h = 0; h <= 3 * tall; h++) for (let c = 0; c < columns; c++) {
      widen(from + h * line + 2 * c * pixel, to + 4 * h * plane + c * pixel, pixel, pixel, plane, 2 * c + 1 < width)
    }
  }
}

/** Adds to sums [positions, inputs, outputs] the products of v [positions, tiles, inputs] and w [positions, tiles, outputs]. */
export function tileFilter(v: usize, w: usize, sums: usize, positions: i32, tiles: i32, inputs: i32, outputs: i32): void {
  for (let p = 0; p < positions; p++) {
    convFilter(v + p * tiles * (inputs << 2), w + p * tiles * (outputs << 2), sums + p * inputs * (outputs << 2), 1, tiles, outputs, 1, 1, inputs, 0, 0, 0, inputs << 2, 0, inputs)
  }
}

/** Four planes `from` bytes apart become three, `to` bytes apart and no later in memory: G^T u. */
@inline
function shrink(p: usize, q: usize, from: i32, to: i32, lanes: i32): void {
  const a = v128.load(p), b = v128.load(p + from), c = v128.load(p + 2 * from), d = v128.load(p + 3 * from)
  const half = f32x4.splat(0.5)
  const middle = f32x4.mul(half, f32x4.add(b, c))
  some(q, f32x4.add(a, middle), lanes)
  some(q + to, f32x4.mul(half, f32x4.sub(b, c)), lanes)
  some(q + 2 * to, f32x4.add(middle, d), lanes)
}

/** The sums of `tileFilter` become, in place, the gradient of a kernel [taps, inputs, outputs], `plane` bytes a tap. */
export function tileTaps(sums: usize, plane: i32, tall: i32, wide: i32): void {
  const across = 1 + 3 * wide
  for (let o = 0; o < plane; o += 16) {
    const at = sums + o, lanes = (plane - o) >> 2
    if (tall) for (let v = 0; v < across; v++) shrink(at + v * plane, at + v * plane, across * plane, across * plane, lanes)
    if (wide) for (let h = 0; h <= 2 * tall; h++) shrink(at + h * 4 * plane, at + h * 3 * plane, plane, plane, lanes)
  }
}
