/**
 * Moves images between grids: padding, zero insertion between pixels, and back. Convolutions run on padded copies of one
 * image at a time (a copy of a few KiB stays in cache, and their loops need no border cases), their input gradients on
 * padded, zero-inserted gradients. Pixels that fall outside are dropped, so padding may be negative or wider than the image.
 */

/** to[top + h strideH, left + w strideW] = from[h, w], zero elsewhere; from [H, W], to [outH, outW], pixels of `pixel` bytes. */
export function place(from: usize, to: usize, H: i32, W: i32, pixel: i32, strideH: i32, strideW: i32, top: i32, left: i32, outH: i32, outW: i32): void {
  const row = outW * pixel
  const w0 = left < 0 ? (-left + strideW - 1) / strideW : 0
  const w1 = min(W, outW - left <= 0 ? 0 : (outW - left + strideW - 1) / strideW)
  if (strideH != 1 || strideW != 1 || w1 <= w0) {
    memory.fill(to, 0, outH * row)
    if (w1 <= w0) return
  }
  for (let y = 0; y < outH; y++) {
    const q = to + y * row
    const t = y - top
    const h = t / strideH
    if (t < 0 || h >= H || h * strideH != t) {
      if (strideH == 1 && strideW == 1) memory.fill(q, 0, row)
      continue
    }
    const p = from + h * W * pixel
    if (strideW == 1) {
      const start = (left + w0) * pixel, end = (left + w1) * pixel
      if (strideH == 1) {
        memory.fill(q, 0, start)
        memory.fill(q + end, 0, row - end)
      }
      memory.copy(q + start, p + w0 * pixel, end - start)
    } else for (let w = w0; w < w1; w++) memory.copy(q + (left + w * strideW) * pixel, p + w * pixel, pixel)
  }
}

/** to[h, w] = from[top + h strideH, left + w strideW], zero where that lies outside; from [H, W], to [outH, outW]. */
export function take(from: usize, to: usize, H: i32, W: i32, pixel: i32, strideH: i32, strideW: i32, top: i32, left: i32, outH: i32, outW: i32): void {
  for (let y = 0; y < outH; y++) {
    const h = top + y * strideH
    for (let x = 0; x < outW; x++) {
      const w = left + x * strideW
      const q = to + (y * outW + x) * pixel
      if (h < 0 || h >= H || w < 0 || w >= W) memory.fill(q, 0, pixel)
      else memory.copy(q, from + (h * W + w) * pixel, pixel)
    }
  }
}

/** Copies `rows` rows of `bytes` between matrices with different row lengths: joins and cuts along channels. */
export function copyRows(from: usize, fromRow: i32, to: usize, toRow: i32, bytes: i32, rows: i32): void {
  for (let r = 0; r < rows; r++) memory.copy(to + r * toRow, from + r * fromRow, bytes)
}
