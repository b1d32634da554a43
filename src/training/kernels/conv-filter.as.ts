/**
 * The filter gradient of a convolution over one padded image, added into dw [kernelH, segments, length, outputs]: for each
 * position in a window, the products of x there with dy, summed over all windows. Blocks: 4 positions by 8 outputs, 8
 * accumulators that stay in registers over the whole image. Geometry as in conv.as.ts. Positions `from` to `to` of a run
 * let partitions share the positions of a layer with few pixels and many channels.
 */

import { multiplyAdd, some } from './lanes.as'

@inline
function block(positions: i32, x: usize, dy: usize, dw: usize, width: i32, outH: i32, outW: i32, lineStep: i32, pixelStep: i32, next: i32): void {
  let a0 = f32x4.splat(0), b0 = a0, a1 = a0, b1 = a0, a2 = a0, b2 = a0, a3 = a0, b3 = a0
  let d = dy
  for (let h = 0; h < outH; h++) {
    let p = x + h * lineStep
    for (const end = d + outW * next; d < end; d += next) {
      const d0 = v128.load(d), d1 = v128.load(d, 16)
      const x0 = v128.load32_splat(p)
      a0 = multiplyAdd(x0, d0, a0)
      b0 = multiplyAdd(x0, d1, b0)
      if (positions > 1) {
        const x1 = v128.load32_splat(p, 4)
        a1 = multiplyAdd(x1, d0, a1)
        b1 = multiplyAdd(x1, d1, b1)
      }
      if (positions > 2) {
        const x2 = v128.load32_splat(p, 8)
        a2 = multiplyAdd(x2, d0, a2)
        b2 = multiplyAdd(x2, d1, b2)
      }
      if (positions > 3) {
        const x3 = v128.load32_splat(p, 12)
        a3 = multiplyAdd(x3, d0, a3)
        b3 = multiplyAdd(x3, d1, b3)
      }
      p += pixelStep
    }
  }
  add(dw, a0, b0, width)
  if (positions > 1) add(dw + next, a1, b1, width)
  if (positions > 2) add(dw + 2 * next, a2, b2, width)
  if (positions > 3) add(dw + 3 * next, a3, b3, width)
}

@inline
function add(q: usize, a: v128, b: v128, width: i32): void {
  if (width == 8) {
    v128.store(q, f32x4.add(v128.load(q), a))
    v128.store(q, f32x4.add(v128.load(q, 16), b), 16)
  } else {
    some(q, f32x4.add(v128.load(q), a), width)
    if (width > 4) some(q + 16, f32x4.add(v128.load(q, 16), b), width - 4)
  }
}

export function convFilter(x: usize, dy: usize, dw: usize, outH: i32, outW: i32, outputs: i32, kernelH: i32, segments: i32, length: i32, rowStep: i32, segmentStep: i32, lineStep: i32, pixelStep: i32, from: i32, to: i32): void {
  const next = outputs << 2
  for (let i = 0; i < kernelH; i++) {
    for (let s = 0; s < segments; s++) {
      const run = x + i * rowStep + s * segmentStep
      const rows = dw + (i * segments + s) * length * next
      for (let o = 0; o < outputs; o += 8) {
        const width = min(8, outputs - o), g = dy + (o << 2), q = rows + (o << 2)
        let k = from
        for (; k + 4 <= to; k += 4) block(4, run + (k << 2), g, q + k * next, width, outH, outW, lineStep, pixelStep, next)
        if (to - k == 3) block(3, run + (k << 2), g, q + k * next, width, outH, outW, lineStep, pixelStep, next)
        else if (to - k == 2) block(2, run + (k << 2), g, q + k * next, width, outH, outW, lineStep, pixelStep, next)
        else if (to - k == 1) block(1, run + (k << 2), g, q + k * next, width, outH, outW, lineStep, pixelStep, next)
      }
    }
  }
}
