/**
 * Convolution over one padded image, as products of windows with packed panels (pack.as.ts). A window is `kernelH` rows of
 * `segments` runs of `length` floats: with dilation 1 the whole row of a window is one run, with more each tap is one. A 1 x 1 kernel
 * over any number of images is one row of H W pixels. Blocks: 4 pixels by 8 outputs, 8 accumulators, so 16 multiplies and
 * adds for 6 loads; a block of 4 pixels shares the panel's 32 bytes a step, and x comes by broadcasting loads.
 */

import { multiplyAdd, some } from './lanes.as'

@inline
function block(pixels: i32, x: usize, panel: usize, y: usize, outputs: i32, kernelH: i32, segments: i32, length: i32, rowStep: i32, segmentStep: i32, pixelStep: i32, next: i32): void {
  const second = pixelStep << 1, third = pixelStep * 3
  let a0 = v128.load(panel), b0 = v128.load(panel, 16)
  let a1 = a0, b1 = b0, a2 = a0, b2 = b0, a3 = a0, b3 = b0
  let w = panel + 32
  for (let i = 0; i < kernelH; i++) {
    let run = x + i * rowStep
    for (let s = 0; s < segments; s++) {
      const end = run + (length << 2)
      for (let p = run; p < end; p += 4) {
        const w0 = v128.load(w), w1 = v128.load(w, 16)
        w += 32
        const x0 = v128.load32_splat(p)
        a0 = multiplyAdd(x0, w0, a0)
        b0 = multiplyAdd(x0, w1, b0)
        if (pixels == 4) {
          const x1 = v128.load32_splat(p + pixelStep)
          a1 = multiplyAdd(x1, w0, a1)
          b1 = multiplyAdd(x1, w1, b1)
          const x2 = v128.load32_splat(p + second)
          a2 = multiplyAdd(x2, w0, a2)
          b2 = multiplyAdd(x2, w1, b2)
          const x3 = v128.load32_splat(p + third)
          a3 = multiplyAdd(x3, w0, a3)
          b3 = multiplyAdd(x3, w1, b3)
        }
      }
      run += segmentStep
    }
  }
  write(y, a0, b0, outputs)
  if (pixels == 4) {
    write(y + next, a1, b1, outputs)
    write(y + 2 * next, a2, b2, outputs)
    write(y + 3 * next, a3, b3, outputs)
  }
}

@inline
function write(y: usize, a: v128, b: v128, outputs: i32): void {
  if (outputs == 8) {
    v128.store(y, a)
    v128.store(y, b, 16)
  } else {
    some(y, a, outputs)
    if (outputs > 4) some(y + 16, b, outputs - 4)
  }
}

/**
 * y [outH, outW, outputs] from x by panels. Steps are in bytes: rowStep and segmentStep within a window (dilation), lineStep and
 * pixelStep from one window to the next (stride), yLine and yPixel from one output to the next.
 */
export function conv(x: usize, panels: usize, y: usize, outH: i32, outW: i32, outputs: i32, kernelH: i32, segments: i32, length: i32, rowStep: i32, segmentStep: i32, lineStep: i32, pixelStep: i32, yLine: i32, yPixel: i32): void {
  const next = yPixel, panelBytes = (kernelH * segments * length + 1) << 5
  for (let o = 0; o < outputs; o += 8) {
    const panel = panels + (o >> 3) * panelBytes, width = min(8, outputs - o)
    for (let h = 0; h < outH; h++) {
      const px = x + h * lineStep, py = y + h * yLine + (o << 2)
      let w = 0
      for (; w + 4 <= outW; w += 4) block(4, px + w * pixelStep, panel, py + w * next, width, kernelH, segments, length, rowStep, segmentStep, pixelStep, next)
      for (; w < outW; w++) block(1, px + w * pixelStep, panel, py + w * next, width, kernelH, segments, length, rowStep, segmentStep, pixelStep, next)
    }
  }
}
