/**
 * Pooling over images `from` to `to`, [H, W, channels] each, with any window, stride and padding; windows are clipped to the
 * image. An average counts the clipped window, as TensorFlow does. The gradient of a maximum goes to the first largest.
 */

import { atLeast, multiplyAdd, some } from './lanes.as'

export function maxPool(x: usize, y: usize, H: i32, W: i32, channels: i32, outH: i32, outW: i32, kernelH: i32, kernelW: i32, strideH: i32, strideW: i32, top: i32, left: i32, from: i32, to: i32): void {
  const pixel = channels << 2
  for (let n = from; n < to; n++) for (let h = 0; h < outH; h++) for (let w = 0; w < outW; w++) {
    const h0 = max(0, h * strideH - top), h1 = min(H, h * strideH - top + kernelH)
    const w0 = max(0, w * strideW - left), w1 = min(W, w * strideW - left + kernelW)
    for (let c = 0; c < pixel; c += 16) {
      let best = f32x4.splat(-Infinity)
      for (let i = h0; i < h1; i++) for (let j = w0; j < w1; j++) best = atLeast(v128.load(x + ((n * H + i) * W + j) * pixel + c), best)
      some(y + ((n * outH + h) * outW + w) * pixel + c, best, (pixel - c) >> 2)
    }
  }
}

export function maxPoolGradient(x: usize, y: usize, dy: usize, dx: usize, H: i32, W: i32, channels: i32, outH: i32, outW: i32, kernelH: i32, kernelW: i32, strideH: i32, strideW: i32, top: i32, left: i32, from: i32, to: i32): void {
  const pixel = channels << 2
  memory.fill(dx + from * H * W * pixel, 0, (to - from) * H * W * pixel)
  for (let n = from; n < to; n++) for (let h = 0; h < outH; h++) for (let w = 0; w < outW; w++) {
    const h0 = max(0, h * strideH - top), h1 = min(H, h * strideH - top + kernelH)
    const w0 = max(0, w * strideW - left), w1 = min(W, w * strideW - left + kernelW)
    for (let c = 0; c < pixel; c += 16) {
      const o = ((n * outH + h) * outW + w) * pixel + c
      const best = v128.load(y + o), g = v128.load(dy + o)
      let open = i32x4.splat(-1)
      for (let i = h0; i < h1; i++) for (let j = w0; j < w1; j++) {
        const p = ((n * H + i) * W + j) * pixel + c
        const hit = v128.and(open, f32x4.eq(v128.load(x + p), best))
        open = v128.andnot(open, hit)
        some(dx + p, f32x4.add(v128.load(dx + p), v128.and(g, hit)), (pixel - c) >> 2)
      }
    }
  }
}

export function averagePool(x: usize, y: usize, H: i32, W: i32, channels: i32, outH: i32, outW: i32, kernelH: i32, kernelW: i32, strideH: i32, strideW: i32, top: i32, left: i32, from: i32, to: i32): void {
  const pixel = channels << 2
  for (let n = from; n < to; n++) for (let h = 0; h < outH; h++) for (let w = 0; w < outW; w++) {
    const h0 = max(0, h * strideH - top), h1 = min(H, h * strideH - top + kernelH)
    const w0 = max(0, w * strideW - left), w1 = min(W, w * strideW - left + kernelW)
    const share = f32x4.splat(1 / <f32>max(1, (h1 - h0) * (w1 - w0)))
    for (let c = 0; c < pixel; c += 16) {
      let sum = f32x4.splat(0)
      for (let i = h0; i < h1; i++) for (let j = w0; j < w1; j++) sum = f32x4.add(sum, v128.load(x + ((n * H + i) * W + j) * pixel + c))
      some(y + ((n * outH + h) * outW + w) * pixel + c, f32x4.mul(sum, share), (pixel - c) >> 2)
    }
  }
}

export function averagePoolGradient(dy: usize, dx: usize, H: i32, W: i32, channels: i32, outH: i32, outW: i32, kernelH: i32, kernelW: i32, strideH: i32, strideW: i32, top: i32, left: i32, from: i32, to: i32): void {
  const pixel = channels << 2
  memory.fill(dx + from * H * W * pixel, 0, (to - from) * H * W * pixel)
  for (let n = from; n < to; n++) for (let h = 0; h < outH; h++) for (let w = 0; w < outW; w++) {
    const h0 = max(0, h * strideH - top), h1 = min(H, h * strideH - top + kernelH)
    const w0 = max(0, w * strideW - left), w1 = min(W, w * strideW - left + kernelW)
    const share = f32x4.splat(1 / <f32>max(1, (h1 - h0) * (w1 - w0)))
    for (let c = 0; c < pixel; c += 16) {
      const g = v128.load(dy + ((n * outH + h) * outW + w) * pixel + c)
      for (let i = h0; i < h1; i++) for (let j = w0; j < w1; j++) {
        const p = dx + ((n * H + i) * W + j) * pixel + c
        some(p, multiplyAdd(g, share, v128.load(p)), (pixel - c) >> 2)
      }
    }
  }
}
