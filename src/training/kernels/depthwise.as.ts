/**
 * Depthwise convolution over one padded image: forward (and the input gradient, which is the forward pass over a padded
 * gradient with mirrored taps, one pass for each residue by the stride) and the filter gradient. Four channels at a time, so that the nine taps of a
 * 3 x 3 kernel, or their nine sums, stay in registers over the image; other kernels walk their taps for each pixel.
 * A channel multiplier m is m copies of each input channel (spreadChannels, sumChannels).
 */

import { multiplyAdd, some } from './lanes.as'

@inline
function put(q: usize, v: v128, lanes: i32): void {
  if (lanes >= 4) v128.store(q, v)
  else some(q, v, lanes)
}

/** y [outH, outW, channels]; steps in bytes as in conv.as.ts, those of y too, tapStep from one tap of a row to the next. */
export function depthwise(x: usize, w: usize, bias: usize, y: usize, outH: i32, outW: i32, channels: i32, kernelH: i32, kernelW: i32, rowStep: i32, tapStep: i32, lineStep: i32, pixelStep: i32, yLine: i32, yPixel: i32): void {
  const next = channels << 2
  for (let c = 0; c < next; c += 16) {
    const lanes = (next - c) >> 2
    const start = bias ? v128.load(bias + c) : f32x4.splat(0)
    if (kernelH == 3 && kernelW == 3) {
      let k = w + c
      const w0 = v128.load(k), w1 = v128.load(k += next), w2 = v128.load(k += next), w3 = v128.load(k += next), w4 = v128.load(k += next)
      const w5 = v128.load(k += next), w6 = v128.load(k += next), w7 = v128.load(k += next), w8 = v128.load(k += next)
      for (let h = 0; h < outH; h++) {
        let p = x + h * lineStep + c
        let q = y + h * yLine + c
        for (let i = 0; i < outW; i++) {
          const r = p + rowStep, s = r + rowStep, t = tapStep << 1
          let a = multiplyAdd(v128.load(p), w0, start), b = f32x4.mul(v128.load(r), w3)
          a = multiplyAdd(v128.load(p + tapStep), w1, a)
          b = multiplyAdd(v128.load(r + tapStep), w4, b)
          a = multiplyAdd(v128.load(p + t), w2, a)
          b = multiplyAdd(v128.load(r + t), w5, b)
          a = multiplyAdd(v128.load(s), w6, a)
          b = multiplyAdd(v128.load(s + tapStep), w7, b)
          a = multiplyAdd(v128.load(s + t), w8, a)
          put(q, f32x4.add(a, b), lanes)
          p += pixelStep
          q += yPixel
        }
      }
    } else
      for (let h = 0; h < outH; h++)
        for (let i = 0; i < outW; i++) {
          let a = start
          let k = w + c
          for (let j = 0; j < kernelH; j++) {
            let p = x + h * lineStep + i * pixelStep + j * rowStep + c
            for (let t = 0; t < kernelW; t++) {
              a = multiplyAdd(v128.load(p), v128.load(k), a)
              p += tapStep
              k += next
            }
          }
          put(y + h * yLine + i * yPixel + c, a, lanes)
        }
  }
}

/** Adds the filter gradient of one image into dw [kernelH, kernelW, channels]. */
export function depthwiseFilter(x: usize, dy: usize, dw: usize, outH: i32, outW: i32, channels: i32, kernelH: i32, kernelW: i32, rowStep: i32, tapStep: i32, lineStep: i32, pixelStep: i32): void {
  const next = channels << 2
  for (let c = 0; c < next; c += 16) {
    const lanes = (next - c) >> 2
    if (kernelH == 3 && kernelW == 3) {
      let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0, a8 = a0
      let d = dy + c
      for (let h = 0; h < outH; h++) {
        let p = x + h * lineStep + c
        for (let i = 0; i < outW; i++) {
          const g = v128.load(d), r = p + rowStep, s = r + rowStep, t = tapStep << 1
          a0 = multiplyAdd(v128.load(p), g, a0)
          a1 = multiplyAdd(v128.load(p + tapStep), g, a1)
          a2 = multiplyAdd(v128.load(p + t), g, a2)
          a3 = multiplyAdd(v128.load(r), g, a3)
          a4 = multiplyAdd(v128.load(r + tapStep), g, a4)
          a5 = multiplyAdd(v128.load(r + t), g, a5)
          a6 = multiplyAdd(v128.load(s), g, a6)
          a7 = multiplyAdd(v128.load(s + tapStep), g, a7)
          a8 = multiplyAdd(v128.load(s + t), g, a8)
          p += pixelStep
          d += next
        }
      }
      let q = dw + c
      add(q, a0, lanes); add(q += next, a1, lanes); add(q += next, a2, lanes); add(q += next, a3, lanes); add(q += next, a4, lanes)
      add(q += next, a5, lanes); add(q += next, a6, lanes); add(q += next, a7, lanes); add(q += next, a8, lanes)
    } else
      for (let j = 0; j < kernelH; j++)
        for (let t = 0; t < kernelW; t++) {
          let a = f32x4.splat(0)
          for (let h = 0; h < outH; h++) {
            let p = x + h * lineStep + j * rowStep + t * tapStep + c
            let d = dy + h * outW * next + c
            for (let i = 0; i < outW; i++) {
              a = multiplyAdd(v128.load(p), v128.load(d), a)
              p += pixelStep
              d += next
            }
          }
          add(dw + (j * kernelW + t) * next + c, a, lanes)
        }
  }
}

@inline
function add(q: usize, v: v128, lanes: i32): void {
  put(q, f32x4.add(v128.load(q), v), lanes)
}

/** y [pixels, channels m] holds each channel of x [pixels, channels] m times in a row. */
export function spreadChannels(x: usize, y: usize, elements: i32, m: i32): void {
  for (let i = 0; i < elements; i++) for (let j = 0; j < m; j++) store<f32>(y + ((i * m + j) << 2), load<f32>(x + (i << 2)))
}

/** The gradient of spreadChannels: y [elements] are sums of m neighbours of x. */
export function sumChannels(x: usize, y: usize, elements: i32, m: i32): void {
  for (let i = 0; i < elements; i++) {
    let sum: f32 = 0
    for (let j = 0; j < m; j++) sum += load<f32>(x + ((i * m + j) << 2))
    store<f32>(y + (i << 2), sum)
  }
}
