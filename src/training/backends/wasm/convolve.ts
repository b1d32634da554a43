/** The calls of a convolution: forward, input gradient, filter gradient, over images `from` to `to`. */
import { frameOfPhases, meets, type Phase, phasesOf, tapArgs } from './phases.ts'
import { type Arg, at, call, type Draft, type Region } from './region.ts'
import { type Frame, frameOf, inside, type Window } from './window.ts'

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
    call(
      'conv',
      at(x, r * inputs * 4),
      panels,
      at(y, r * outputs * 4),
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
      0,
      outputs * 4,
    ),
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

const floatsOf = (frame: Frame, channels: number): number => frame.height * frame.width * channels

/** Floats of scratch that a padded image takes. */
export const scratchFloats = ({ window, inputs }: Conv): number => floatsOf(frameOf(window), inputs)

/** Image n as the windows see it: where the frame begins, how wide its rows are, and the copy that this takes, if any. */
export function padded(frame: Frame, channels: number, x: Region, n: number, scratch: Region) {
  const { inH, inW, top, left, height, width } = frame
  const pixel = channels * 4
  const start = n * inH * inW * pixel
  if (inside(frame)) return { image: at(x, start + (-top * inW - left) * pixel), width: inW, calls: [] }
  return { image: at(scratch, 0), width, calls: [call('place', at(x, start), scratch, inH, inW, pixel, 1, 1, top, left, height, width)] }
}

export function forward(conv: Conv, x: Region, panels: Region, y: Region, from: number, to: number, scratch: Region): Draft[] {
  const { window: w, inputs, outputs } = conv
  const pixels = w.outH * w.outW
  if (isPointwise(conv)) return product(x, panels, y, inputs, outputs, from * pixels, to * pixels)
  const calls: Draft[] = []
  for (let n = from; n < to; n++) {
    const { image, width, calls: copies } = padded(frameOf(w), inputs, x, n, scratch)
    const into = [at(y, n * pixels * outputs * 4), w.outH, w.outW, outputs] as const
    calls.push(...copies, call('conv', image, panels, ...into, ...steps(w, inputs, width), w.outW * outputs * 4, outputs * 4))
  }
  return calls
}

const rowsOfPhase = ({ tapsH, tapsW }: Phase, outputs: number): number => tapsH.count * tapsW.count * outputs

/** Floats of the panels that `packBack` makes, and of the scratch of `inputGradient`. */
export const panelFloatsBack = ({ window, inputs, outputs }: Conv): number =>
  phasesOf(window).reduce((sum, phase) => sum + panelFloats(rowsOfPhase(phase, outputs), inputs), 0)
export const scratchFloatsBack = ({ window, outputs }: Conv): number => floatsOf(frameOfPhases(window, phasesOf(window)), outputs)

/** The panels of the input gradient; `bias` for a transposed convolution, or 0. */
export function packBack({ window: w, inputs, outputs }: Conv, kernel: Arg, bias: Arg, panels: Region): Draft[] {
  let offset = 0
  return phasesOf(w).map((phase) => {
    const into = at(panels, offset)
    offset += panelFloats(rowsOfPhase(phase, outputs), inputs) * 4
    return call('packMirrored', kernel, bias, into, w.kernelW, inputs, outputs, ...tapArgs(phase), 0, Math.ceil(inputs / 8))
  })
}

/** dx from dy by the panels of `packBack`; what a transposed convolution does forward. */
export function inputGradient(conv: Conv, dy: Region, panels: Region, dx: Region, from: number, to: number, scratch: Region): Draft[] {
  const { window: w, inputs, outputs } = conv
  const pixels = w.inH * w.inW
  if (isPointwise(conv)) return product(dy, panels, dx, outputs, inputs, from * pixels, to * pixels)
  const phases = phasesOf(w)
  const frame = frameOfPhases(w, phases)
  const pixel = outputs * 4
  const calls: Draft[] = []
  for (let n = from; n < to; n++) {
    const { image, width, calls: copies } = padded(frame, outputs, dy, n, scratch)
    calls.push(...copies)
    let offset = 0
    for (const phase of phases) {
      const { row, column, rows, columns, tapsH, tapsW, dilationH, dilationW, startH, startW } = phase
      const from = meets(phase) ? image.offset + ((frame.top + startH) * width + frame.left + startW) * pixel : image.offset
      const into = at(dx, (n * pixels + row * w.inW + column) * inputs * 4)
      const whole = dilationW === 1
      const window = [tapsH.count, whole ? 1 : tapsW.count, whole ? tapsW.count * outputs : outputs, dilationH * width * pixel]
      const moves = [dilationW * pixel, width * pixel, pixel, w.strideH * w.inW * inputs * 4, w.strideW * inputs * 4]
      calls.push(call('conv', at(image.region, from), at(panels, offset), into, rows, columns, inputs, ...window, ...moves))
      offset += panelFloats(rowsOfPhase(phase, outputs), inputs) * 4
    }
  }
  return calls
}

export function filterGradient(conv: Conv, x: Region, dy: Region, dw: Arg, from: number, to: number, scratch: Region): Draft[] {
  const { window: w, inputs, outputs } = conv
  const pixels = w.outH * w.outW
  if (isPointwise(conv)) return productFilter(x, dy, dw, inputs, outputs, from * pixels, to * pixels)
  const calls: Draft[] = []
  for (let n = from; n < to; n++) {
    const { image, width, calls: copies } = padded(frameOf(w), inputs, x, n, scratch)
    const geometry = steps(w, inputs, width)
    calls.push(
      ...copies,
      call('convFilter', image, at(dy, n * pixels * outputs * 4), dw, w.outH, w.outW, outputs, ...geometry, 0, geometry[2]),
    )
  }
  return calls
}
