/** The calls of a convolution: forward, input gradient, filter gradient, over images `from` to `to`. */
import { type Conv, frameFloats, padded, panelFloats } from './conv.ts'
import { frameOfPhases, meets, type Phase, phasesOf, tapArgs } from './phases.ts'
import { type Arg, at, call, type Draft, type Region } from './region.ts'
import { frameOf, type Window } from './window.ts'
import * as tiled from './winograd.ts'

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

/** Floats of the panels that `packForward` makes, and of the scratch of `forward`. */
export const panelFloatsForward = (conv: Conv): number =>
  tiled.isTiled(conv) ? tiled.tiledPanelFloats(conv) : panelFloats(rowsOf(conv), conv.outputs)
export const scratchFloats = (conv: Conv): number =>
  tiled.isTiled(conv) ? tiled.tiledScratchFloats(conv) : frameFloats(frameOf(conv.window), conv.inputs)

const rowsOf = ({ window: w, inputs }: Conv) => w.kernelH * w.kernelW * inputs

/** The panels of the forward pass; `bias` or 0. */
export function packForward(conv: Conv, kernel: Region, bias: Arg, panels: Region): Draft[] {
  if (tiled.isTiled(conv)) return tiled.packTiled(conv, kernel, bias, panels, false)
  return [call('pack', kernel, bias, panels, rowsOf(conv), conv.outputs, 0, Math.ceil(conv.outputs / 8))]
}

export function forward(conv: Conv, x: Region, panels: Region, y: Region, from: number, to: number, scratch: Region): Draft[] {
  if (tiled.isTiled(conv)) return tiled.tiledForward(conv, x, panels, y, from, to, scratch)
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
export function panelFloatsBack(conv: Conv): number {
  if (tiled.isTiledBack(conv)) return tiled.tiledPanelFloats(tiled.turned(conv))
  return phasesOf(conv.window).reduce((sum, phase) => sum + panelFloats(rowsOfPhase(phase, conv.outputs), conv.inputs), 0)
}
export function scratchFloatsBack(conv: Conv): number {
  if (tiled.isTiledBack(conv)) return tiled.tiledScratchFloats(tiled.turned(conv))
  return frameFloats(frameOfPhases(conv.window, phasesOf(conv.window)), conv.outputs)
}

/** The panels of the input gradient; `bias` for a transposed convolution, or 0. */
export function packBack(conv: Conv, kernel: Region, bias: Arg, panels: Region): Draft[] {
  if (tiled.isTiledBack(conv)) return tiled.packTiled(tiled.turned(conv), kernel, bias, panels, true)
  const { window: w, inputs, outputs } = conv
  let offset = 0
  return phasesOf(w).map((phase) => {
    const into = at(panels, offset)
    offset += panelFloats(rowsOfPhase(phase, outputs), inputs) * 4
    return call('packMirrored', kernel, bias, into, w.kernelW, inputs, outputs, ...tapArgs(phase), 0, Math.ceil(inputs / 8))
  })
}

/** dx from dy by the panels of `packBack`; what a transposed convolution does forward. */
export function inputGradient(conv: Conv, dy: Region, panels: Region, dx: Region, from: number, to: number, scratch: Region): Draft[] {
  if (tiled.isTiledBack(conv)) return tiled.tiledForward(tiled.turned(conv), dy, panels, dx, from, to, scratch)
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

/** Floats of the sums of `filterGradient`. */
export const sumFloats = (conv: Conv): number => (tiled.isTiled(conv) ? tiled.tiledSumFloats(conv) : rowsOf(conv) * conv.outputs)

/** Adds to the sums, which `kernelGradient` makes the kernel's gradient after the last image. */
export function filterGradient(conv: Conv, x: Region, dy: Region, dw: Arg, from: number, to: number, scratch: Region): Draft[] {
  if (tiled.isTiled(conv)) return tiled.tiledFilter(conv, x, dy, dw, from, to, scratch)
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

/** Sums become, in place, the gradient of the kernel. */
export const kernelGradient = (conv: Conv, sums: Arg): Draft[] => (tiled.isTiled(conv) ? [tiled.tiledTaps(conv, sums)] : [])
