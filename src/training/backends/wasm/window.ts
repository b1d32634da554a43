/** Where a sliding window reads: sizes, strides, dilations and the padding before the first pixel, along both axes. */
import { type Window as OperatorWindow, padBefore } from '../../../graph/math/window.ts'
import type { Layer } from './topology.ts'

/** As a convolution or pool of the graph has it; the batch is the step's. */
export type Window = Omit<OperatorWindow, 'batch'>

const pair = (value: unknown): [number, number] =>
  Array.isArray(value) ? [value[0], value[1] ?? value[0]] : [Number(value ?? 1), Number(value ?? 1)]

/** The window of a convolution or pooling layer of tfjs. */
export function windowOf(layer: Layer, kernel: unknown, input: readonly number[], output: readonly number[]): Window {
  const { strides, dilationRate, padding } = layer as any
  const [kernelH, kernelW] = pair(kernel)
  const [strideH, strideW] = pair(strides)
  const [dilationH, dilationW] = pair(dilationRate)
  const [inH, inW] = input as [number, number]
  const [outH, outW] = output as [number, number]
  const same = padding === 'same'
  return {
    inH,
    inW,
    outH,
    outW,
    kernelH,
    kernelW,
    strideH,
    strideW,
    dilationH,
    dilationW,
    top: same ? padBefore(inH, kernelH, strideH, dilationH, outH) : 0,
    left: same ? padBefore(inW, kernelW, strideW, dilationW, outW) : 0,
  }
}

/** The size of the padded image that the windows cover exactly. */
export const paddedSize = (w: Window) => ({
  height: (w.outH - 1) * w.strideH + (w.kernelH - 1) * w.dilationH + 1,
  width: (w.outW - 1) * w.strideW + (w.kernelW - 1) * w.dilationW + 1,
})

/** The part of an image's plane that windows read: `top` and `left` of it lie before the first pixel, or after it where negative. */
export type Frame = {
  readonly inH: number
  readonly inW: number
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
}

export const frameOf = (w: Window): Frame => ({ inH: w.inH, inW: w.inW, top: w.top, left: w.left, ...paddedSize(w) })

/** Whether the windows find the frame inside the image, without a padded copy. */
export const inside = ({ inH, inW, top, left, height, width }: Frame): boolean =>
  top <= 0 && left <= 0 && height - top <= inH && width - left <= inW
