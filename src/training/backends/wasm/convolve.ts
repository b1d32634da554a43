/** The calls of a convolution: forward, input gradient, filter gradient, over images `from` to `to`. */
import { type Arg, at, call, type Draft, type Place, type Region } from './region.ts'
import { inPlace, mirrored, paddedSize, type Window } from './window.ts'

export type Conv = { readonly window: Window; readonly inputs: number; readonly outputs: number }

/** Floats of panels of `rows` by `columns` weights, one bias row included (kernels/pack.as.ts). */
export const panelFloats = (rows: number, columns: number): number => Math.ceil(columns / 8) * 8 * (rows + 1)

export const isPointwise = ({ window: w }: Conv): boolean =>
  w.kernelH === 1 && w.kernelW === 1 && w.strideH === 1 && w.strideW === 1 && w.top === 0 && w.left === 0

/** Rows of a matrix that fit a quarter of a 64 KiB or half of a 32 KiB first-level cache. */
const rowsAtOnce = (columns: number) => Math.max(8, Math.floor(4096 / columns / 4) * 4)

function inChunks(from: number, to: number, step: number, emit: (from: number, to: number) => Draft): Draft[] {
  const calls: Draft[] = []
  for (let r = from; r < to; r += step) calls.push(emit(r, Math.min(r + step, to)))
  return calls
}

/** y rows `from` to `to` = x rows times panels. */
export const product = (x: Region, panels: Arg, y: Region, inputs: number, outputs: number, from: number, to: number): Draft[] =>
  inChunks(from, to, rowsAtOnce(inputs), (r, e) =>
    call('conv', at(x, r * inputs * 4), panels, at(y, r * outputs * 4), 1, e - r, outputs, 1, 1, inputs, 0, 0, 0, inputs * 4),
  )

/** dw [inputs, outputs] += the product of x and dy over rows `from` to `to`, for inputs `first` to `last`. */
export const productFilter = (
  x: Region,
  dy: Region,
  dw: Arg,
  inputs: number,
  outputs: number,
  from: number,
  to: number,
  first = 0,
  last = inputs,
): Draft[] =>
  inChunks(from, to, rowsAtOnce(outputs), (r, e) =>
    call(
      'convFilter',
      at(x, r * inputs * 4),
      at(dy, r * outputs * 4),
      dw,
      1,
      e - r,
      outputs,
      1,
      1,
      inputs,
      0,
      0,
      0,
      inputs * 4,
      first,
      last,
    ),
  )

/** Steps in bytes for kernels/conv.as.ts: [kernelH, segments, length, rowStep, segmentStep, lineStep, pixelStep]. */
function steps(w: Window, channels: number, width: number): [number, number, number, number, number, number, number] {
  const pixel = channels * 4
  const line = width * pixel
  const whole = w.dilationW === 1
  return [
    w.kernelH,
    whole ? 1 : w.kernelW,
    whole ? w.kernelW * channels : channels,
    w.dilationH * line,
    w.dilationW * pixel,
    w.strideH * line,
    w.strideW * pixel,
  ]
}

/** Floats of scratch that a padded image takes, with a margin for whole blocks. */
export const scratchFloats = ({ window, inputs }: Conv): number => paddedSize(window).height * paddedSize(window).width * inputs

/** Image n as the windows see it: where it lies, how wide its rows are, and the copy that this takes. */
export function padded(
  w: Window,
  channels: number,
  x: Region,
  n: number,
  scratch: Region,
  spreadH = 1,
  spreadW = 1,
): { image: Place; width: number; calls: Draft[] } {
  const image = at(x, n * w.inH * w.inW * channels * 4)
  if (inPlace(w) && spreadH === 1 && spreadW === 1) return { image, width: w.inW, calls: [] }
  const { height, width } = paddedSize(w)
  const copy = call('place', image, scratch, w.inH, w.inW, channels * 4, spreadH, spreadW, w.top, w.left, height, width)
  return { image: at(scratch, 0), width, calls: [copy] }
}

export function forward(conv: Conv, x: Region, panels: Region, y: Region, from: number, to: number, scratch: Region): Draft[] {
  const { window: w, inputs, outputs } = conv
  const pixels = w.outH * w.outW
  if (isPointwise(conv)) return product(x, panels, y, inputs, outputs, from * pixels, to * pixels)
  const calls: Draft[] = []
  for (let n = from; n < to; n++) {
    const { image, width, calls: copies } = padded(w, inputs, x, n, scratch)
    calls.push(...copies, call('conv', image, panels, at(y, n * pixels * outputs * 4), w.outH, w.outW, outputs, ...steps(w, inputs, width)))
  }
  return calls
}

export function inputGradient(conv: Conv, dy: Region, panels: Region, dx: Region, from: number, to: number, scratch: Region): Draft[] {
  const { window: w, inputs, outputs } = conv
  const pixels = w.inH * w.inW
  if (isPointwise(conv)) return product(dy, panels, dx, outputs, inputs, from * pixels, to * pixels)
  const back = mirrored(w)
  const calls: Draft[] = []
  for (let n = from; n < to; n++) {
    const { image, width, calls: copies } = padded(back, outputs, dy, n, scratch, w.strideH, w.strideW)
    calls.push(
      ...copies,
      call('conv', image, panels, at(dx, n * pixels * inputs * 4), w.inH, w.inW, inputs, ...steps(back, outputs, width)),
    )
  }
  return calls
}

export function filterGradient(conv: Conv, x: Region, dy: Region, dw: Arg, from: number, to: number, scratch: Region): Draft[] {
  const { window: w, inputs, outputs } = conv
  const pixels = w.outH * w.outW
  if (isPointwise(conv)) return productFilter(x, dy, dw, inputs, outputs, from * pixels, to * pixels)
  const calls: Draft[] = []
  for (let n = from; n < to; n++) {
    const { image, width, calls: copies } = padded(w, inputs, x, n, scratch)
    const geometry = steps(w, inputs, width)
    calls.push(
      ...copies,
      call('convFilter', image, at(dy, n * pixels * outputs * 4), dw, w.outH, w.outW, outputs, ...geometry, 0, geometry[2]),
    )
  }
  return calls
}
