/**
 * Enlarging images `from` to `to`, [H, W, channels] each, by whole factors, as TensorFlow's resizes do without aligned corners and
 * half-pixel centres: the source of output o is o / factor; nearest takes its floor, bilinear the two around it. With gradients.
 */

import { multiplyAdd, some } from './lanes.as'

export function nearest(x: usize, y: usize, H: i32, W: i32, channels: i32, factorH: i32, factorW: i32, from: i32, to: i32): void {
  const pixel = channels << 2, row = W * factorW * pixel
  for (let line = from * H; line < to * H; line++) {
    const p = x + line * W * pixel, first = y + line * factorH * row
    let q = first
    for (let w = 0; w < W; w++) for (let i = 0; i < factorW; i++) {
      memory.copy(q, p + w * pixel, pixel)
      q += pixel
    }
    for (let i = 1; i < factorH; i++) memory.copy(first + i * row, first, row)
  }
}

export function nearestGradient(dy: usize, dx: usize, H: i32, W: i32, channels: i32, factorH: i32, factorW: i32, from: i32, to: i32): void {
  const pixel = channels << 2, row = W * factorW * pixel
  for (let line = from * H; line < to * H; line++) for (let w = 0; w < W; w++) {
    const p = dy + line * factorH * row + w * factorW * pixel, q = dx + (line * W + w) * pixel
    for (let c = 0; c < pixel; c += 16) {
      let sum = f32x4.splat(0)
      for (let i = 0; i < factorH; i++) for (let j = 0; j < factorW; j++) sum = f32x4.add(sum, v128.load(p + i * row + j * pixel + c))
      some(q + c, sum, (pixel - c) >> 2)
    }
  }
}

export function bilinear(x: usize, y: usize, H: i32, W: i32, channels: i32, factorH: i32, factorW: i32, from: i32, to: i32): void {
  const pixel = channels << 2, row = W * pixel, outH = H * factorH, outW = W * factorW
  for (let n = from; n < to; n++) for (let h = 0; h < outH; h++) {
    const h0 = h / factorH, below = min(H - 1, h0 + 1) - h0
    const v = f32x4.splat(<f32>(h - h0 * factorH) / <f32>factorH)
    for (let w = 0; w < outW; w++) {
      const w0 = w / factorW, right = (min(W - 1, w0 + 1) - w0) * pixel
      const u = f32x4.splat(<f32>(w - w0 * factorW) / <f32>factorW)
      const p = x + (n * H + h0) * row + w0 * pixel, q = y + ((n * outH + h) * outW + w) * pixel, s = p + below * row
      for (let c = 0; c < pixel; c += 16) {
        const a = v128.load(p + c), b = v128.load(s + c)
        const top = multiplyAdd(f32x4.sub(v128.load(p + right + c), a), u, a)
        const bottom = multiplyAdd(f32x4.sub(v128.load(s + right + c), b), u, b)
        some(q + c, multiplyAdd(f32x4.sub(bottom, top), v, top), (pixel - c) >> 2)
      }
    }
  }
}

export function bilinearGradient(dy: usize, dx: usize, H: i32, W: i32, channels: i32, factorH: i32, factorW: i32, from: i32, to: i32): void {
  const pixel = channels << 2, row = W * pixel, outH = H * factorH, outW = W * factorW
  memory.fill(dx + from * H * row, 0, (to - from) * H * row)
  for (let n = from; n < to; n++) for (let h = 0; h < outH; h++) {
    const h0 = h / factorH, below = min(H - 1, h0 + 1) - h0
    const v = <f32>(h - h0 * factorH) / <f32>factorH
    for (let w = 0; w < outW; w++) {
      const w0 = w / factorW, right = (min(W - 1, w0 + 1) - w0) * pixel
      const u = <f32>(w - w0 * factorW) / <f32>factorW
      const p = dx + (n * H + h0) * row + w0 * pixel, q = dy + ((n * outH + h) * outW + w) * pixel, s = p + below * row
      for (let c = 0; c < pixel; c += 16) {
        const g = v128.load(q + c), lanes = (pixel - c) >> 2
        gather(p + c, g, (1 - u) * (1 - v), lanes)
        gather(p + right + c, g, u * (1 - v), lanes)
        gather(s + c, g, (1 - u) * v, lanes)
        gather(s + right + c, g, u * v, lanes)
      }
    }
  }
}

@inline
function gather(q: usize, g: v128, share: f32, lanes: i32): void {
  some(q, multiplyAdd(g, f32x4.splat(share), v128.load(q)), lanes)
}
