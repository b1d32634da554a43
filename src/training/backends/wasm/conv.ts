/** What every way to compute a convolution shares: its shape, the size of packed weights, an image with its padding. */
import { at, call, type Region } from './region.ts'
import { type Frame, inside, type Window } from './window.ts'

export type Conv = { readonly window: Window; readonly inputs: number; readonly outputs: number }

/** Floats of panels of `rows` by `columns` weights, one bias row included (kernels/pack.as.ts). */
export const panelFloats = (rows: number, columns: number): number => Math.ceil(columns / 8) * 8 * (rows + 1)

export const frameFloats = (frame: Frame, channels: number): number => frame.height * frame.width * channels

/** Image n as the windows see it: where the frame begins, how wide its rows are, and the copy that this takes, if any. */
export function padded(frame: Frame, channels: number, x: Region, n: number, scratch: Region) {
  const { inH, inW, top, left, height, width } = frame
  const pixel = channels * 4
  const start = n * inH * inW * pixel
  if (inside(frame)) return { image: at(x, start + (-top * inW - left) * pixel), width: inW, calls: [] }
  return { image: at(scratch, 0), width, calls: [call('place', at(x, start), scratch, inH, inW, pixel, 1, 1, top, left, height, width)] }
}
