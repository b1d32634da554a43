/** What operators with a sliding window share: facts, the output's shape, and a walk over positions. */
import type { Shape } from '../../ir/graph.ts'
import { outExtent, type Padding, type Steps, type Window } from '../../math/window.ts'

/** [N, H, W] of the output; throws where the window fits nowhere. */
export function windowShape(steps: Steps, image: Shape, [kernelH, kernelW]: readonly [number, number]): readonly [number, number, number] {
  if (image.length !== 4) throw new Error(`its image must be NHWC, not of rank ${image.length}`)
  const { padding, strideH, strideW, dilationH = 1, dilationW = 1 } = steps
  for (const [word, value] of Object.entries({ strideH, strideW, dilationH, dilationW, kernelH, kernelW }))
    if (!(value >= 1)) throw new Error(`its ${word} is ${value}, and must be at least 1`)
  const height = outExtent(padding, image[1]!, kernelH, strideH, dilationH)
  const width = outExtent(padding, image[2]!, kernelW, strideW, dilationW)
  if (height < 1 || width < 1) throw new Error(`a ${kernelH} x ${kernelW} window does not fit an image of ${image[1]} x ${image[2]}`)
  return [image[0]!, height, width]
}

export const windowFacts = (
  steps: Steps & { readonly fusedActivation: string },
  [kernelH, kernelW]: readonly [number, number],
  [, height, width]: Shape,
) => ({
  ...{ strideH: steps.strideH, strideW: steps.strideW, strideMax: Math.max(steps.strideH, steps.strideW) },
  ...{ kernelH, kernelW, kernelArea: kernelH * kernelW, kernelMax: Math.max(kernelH, kernelW) },
  ...{ dilationH: steps.dilationH ?? 1, dilationW: steps.dilationW ?? 1 },
  ...{ stridesEqual: steps.strideH === steps.strideW, dilationsEqual: (steps.dilationH ?? 1) === (steps.dilationW ?? 1) },
  dilatedKernelH: dilated(kernelH, steps.dilationH),
  dilatedKernelArea: dilated(kernelH, steps.dilationH) * dilated(kernelW, steps.dilationW),
  /** Whether one window is the whole image, as in a global pool. */
  coversImage: kernelH === height && kernelW === width,
  ...{ padding: steps.padding, fusedActivation: steps.fusedActivation },
  /** Whether pixels are padded in fact: SAME needs none where the windows fill the image. */
  padded:
    pads(steps.padding, height!, kernelH, steps.strideH, steps.dilationH) ||
    pads(steps.padding, width!, kernelW, steps.strideW, steps.dilationW),
})

const dilated = (taps: number, dilation = 1): number => (taps - 1) * dilation + 1

const pads = (padding: Padding, n: number, k: number, stride: number, dilation = 1): boolean =>
  padding === 'same' && (outExtent(padding, n, k, stride, dilation) - 1) * stride + (k - 1) * dilation + 1 > n

/** Calls `visit` for each output position, in order, with the image's number and the window's top left corner. */
export function eachPosition(w: Window, visit: (at: number, image: number, y: number, x: number) => void): void {
  let at = 0
  for (let n = 0; n < w.batch; n++)
    for (let oy = 0; oy < w.outH; oy++) for (let ox = 0; ox < w.outW; ox++) visit(at++, n, oy * w.strideH - w.top, ox * w.strideW - w.left)
}

/** The pixels [from, to) that a tap row or column meets inside an extent, in steps of the dilation: first and last tap. */
export const tapsInside = (start: number, kernel: number, dilation: number, extent: number): readonly [number, number] => [
  start < 0 ? Math.ceil(-start / dilation) : 0,
  Math.min(kernel, Math.ceil((extent - start) / dilation)),
]
