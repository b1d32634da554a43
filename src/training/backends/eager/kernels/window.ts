/** The window of a convolution in the words of the kernels. */

import type { Window } from '../../wasm/window.ts'
import { type Attributes, type Shape4D, windowOf as tfjsWindow } from '../compose/window.ts'

export function windowOf(input: Shape4D, filter: Shape4D, attributes: Attributes, depthwise: boolean): Window {
  const w = tfjsWindow(input, filter, attributes, depthwise)
  return {
    inH: w.inHeight,
    inW: w.inWidth,
    outH: w.outHeight,
    outW: w.outWidth,
    kernelH: w.filterHeight,
    kernelW: w.filterWidth,
    strideH: w.strideHeight,
    strideW: w.strideWidth,
    dilationH: w.dilationHeight,
    dilationW: w.dilationWidth,
    top: w.padInfo.top,
    left: w.padInfo.left,
  }
}
