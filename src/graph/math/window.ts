/** Sliding windows over an NHWC image: the geometry that convolutions and pools share. */
import type { Shape } from '../ir/graph.ts'

export type Padding = 'same' | 'valid'

/** Strides and dilations in pixels; `top` and `left` are the padding before the image. */
export type Window = {
  readonly batch: number
  readonly inH: number
  readonly inW: number
  readonly outH: number
  readonly outW: number
  readonly kernelH: number
  readonly kernelW: number
  readonly strideH: number
  readonly strideW: number
  readonly dilationH: number
  readonly dilationW: number
  readonly top: number
  readonly left: number
}

export type Steps = {
  readonly padding: Padding
  readonly strideH: number
  readonly strideW: number
  readonly dilationH?: number
  readonly dilationW?: number
}

/** The number of positions of a kernel of `k` taps along `n` pixels. */
export const outExtent = (padding: Padding, n: number, k: number, stride: number, dilation = 1): number =>
  Math.ceil((padding === 'same' ? n : n - (k - 1) * dilation) / stride)

/** Pixels of padding before the image; where the total is odd, the greater half lies behind it. */
export const padBefore = (n: number, k: number, stride: number, dilation: number, out: number): number =>
  Math.max(0, (out - 1) * stride + (k - 1) * dilation + 1 - n) >> 1

/** The geometry of one operator, from its steps and the shapes of its image, kernel and output. */
export function windowOf(steps: Steps, image: Shape, [kernelH, kernelW]: readonly [number, number], out: Shape): Window {
  const { strideH, strideW, dilationH = 1, dilationW = 1 } = steps
  const [batch, inH, inW] = image as readonly [number, number, number, number]
  const [, outH, outW] = out as readonly [number, number, number, number]
  return {
    ...{ batch, inH, inW, outH, outW, kernelH, kernelW, strideH, strideW, dilationH, dilationW },
    top: padBefore(inH, kernelH, strideH, dilationH, outH),
    left: padBefore(inW, kernelW, strideW, dilationW, outW),
  }
}
