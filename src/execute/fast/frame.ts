/** The image with its margin that convolutions read, as int16 or as doubles, from a window's geometry. */
import type { Window } from '../../graph/math/window.ts'

/** How far the kernel reaches past the image at its end. */
const after = (out: number, stride: number, kernel: number, dilation: number, extent: number, before: number): number =>
  Math.max(0, (out - 1) * stride + (kernel - 1) * dilation + 1 - before - extent)

/** `fields` are the first seven of a layer; steps are bytes in the framed image. */
export function frameOf(w: Window, channels: number, zero: number, elementBytes = 2) {
  const bottom = after(w.outH, w.strideH, w.kernelH, w.dilationH, w.inH, w.top)
  const right = after(w.outW, w.strideW, w.kernelW, w.dilationW, w.inW, w.left)
  const pixelBytes = elementBytes * channels
  const rowBytes = (w.left + w.inW + right) * pixelBytes
  return {
    fields: [w.inH, w.inW * channels, w.top, bottom, w.left * channels, right * channels, zero],
    pixelBytes,
    rowBytes,
    bytes: (w.top + w.inH + bottom) * rowBytes,
  }
}
