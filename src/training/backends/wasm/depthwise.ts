/** The calls of a depthwise convolution with one output a channel: forward, input gradient, filter gradient, over images `from` to `to`. */
import { padded } from './conv.ts'
import { frameOfPhases, meets, type Phase, phasesOf, tapArgs } from './phases.ts'
import { type Arg, at, call, type Draft, type Place, type Region } from './region.ts'
import { frameOf, type Window } from './window.ts'

/** Steps in bytes for kernels/depthwise.as.ts: [kernelH, kernelW, rowStep, tapStep, lineStep, pixelStep]. */
function steps(w: Window, channels: number, width: number): number[] {
  const pixel = channels * 4
  return [w.kernelH, w.kernelW, w.dilationH * width * pixel, w.dilationW * pixel, w.strideH * width * pixel, w.strideW * pixel]
}

/** Floats of scratch of the forward pass and the filter gradient, and of the input gradient. */
export function scratchFloats(w: Window, channels: number): number {
  const { height, width } = frameOf(w)
  return height * width * channels
}
export function scratchFloatsBack(w: Window, channels: number): number {
  const { height, width } = frameOfPhases(w, phasesOf(w))
  return height * width * channels
}

export function forward(
  w: Window,
  channels: number,
  x: Region,
  kernel: Arg,
  bias: Arg,
  y: Region,
  from: number,
  to: number,
  scratch: Region,
): Draft[] {
  const row = w.outW * channels * 4
  const calls: Draft[] = []
  for (let n = from; n < to; n++) {
    const { image, width, calls: copies } = padded(frameOf(w), channels, x, n, scratch)
    const into = [at(y, n * w.outH * row), w.outH, w.outW, channels] as const
    calls.push(...copies, call('depthwise', image, kernel, bias, ...into, ...steps(w, channels, width), row, channels * 4))
  }
  return calls
}

/** Adds into dw. */
export function filterGradient(
  w: Window,
  channels: number,
  x: Region,
  dy: Region,
  dw: Arg,
  from: number,
  to: number,
  scratch: Region,
): Draft[] {
  const calls: Draft[] = []
  for (let n = from; n < to; n++) {
    const { image, width, calls: copies } = padded(frameOf(w), channels, x, n, scratch)
    const out = at(dy, n * w.outH * w.outW * channels * 4)
    calls.push(...copies, call('depthwiseFilter', image, out, dw, w.outH, w.outW, channels, ...steps(w, channels, width)))
  }
  return calls
}

/** Each phase with the place of its taps: `taps` holds as many floats as the kernel. */
function placed(w: Window, channels: number, taps: Region): (readonly [Phase, Place])[] {
  let offset = 0
  return phasesOf(w).map((phase) => {
    const place = at(taps, offset)
    offset += phase.tapsH.count * phase.tapsW.count * channels * 4
    return [phase, place] as const
  })
}

/** What the input gradient needs of the kernel. */
export const mirror = (w: Window, channels: number, kernel: Arg, taps: Region): Draft[] =>
  placed(w, channels, taps).map(([phase, place]) => call('mirrorTaps', kernel, place, w.kernelW, channels, ...tapArgs(phase)))

/** dx from dy by the taps of `mirror`. */
export function inputGradient(
  w: Window,
  channels: number,
  dy: Region,
  taps: Region,
  dx: Region,
  from: number,
  to: number,
  scratch: Region,
): Draft[] {
  const phases = placed(w, channels, taps)
  const frame = frameOfPhases(w, phasesOf(w))
  const pixel = channels * 4
  const calls: Draft[] = []
  for (let n = from; n < to; n++) {
    const { image, width, calls: copies } = padded(frame, channels, dy, n, scratch)
    calls.push(...copies)
    for (const [phase, place] of phases) {
      const { row, column, rows, columns, tapsH, tapsW, dilationH, dilationW, startH, startW } = phase
      const shift = meets(phase) ? ((frame.top + startH) * width + frame.left + startW) * pixel : 0
      const into = [at(dx, ((n * w.inH + row) * w.inW + column) * pixel), rows, columns, channels] as const
      const window = [tapsH.count, tapsW.count, dilationH * width * pixel, dilationW * pixel, width * pixel, pixel]
      const source = at(image.region, image.offset + shift)
      calls.push(call('depthwise', source, place, 0, ...into, ...window, w.strideH * w.inW * pixel, w.strideW * pixel))
    }
  }
  return calls
}
