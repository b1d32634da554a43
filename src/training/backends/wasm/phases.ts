/**
 * The input gradient of a strided window, without work on inserted zeros: pixels of one residue by the stride meet the same taps, so each
 * residue is a dense convolution of stride 1 over the output's gradient. A 3 x 3 window of stride 2 takes a quarter of the products.
 */
import type { Frame, Window } from './window.ts'

/** Taps `first`, `first + step` … of a kernel's axis, `count` of them, which go in reverse. */
export type Taps = { readonly first: number; readonly step: number; readonly count: number }

export type Phase = {
  /** The first row and column of the input that belong to it; the others follow by the strides. */
  readonly row: number
  readonly column: number
  readonly rows: number
  readonly columns: number
  readonly tapsH: Taps
  readonly tapsW: Taps
  readonly dilationH: number
  readonly dilationW: number
  /** Where its first window begins in the plane of the gradient. */
  readonly startH: number
  readonly startW: number
}

type Axis = { readonly at: number; readonly size: number; readonly taps: Taps; readonly dilation: number; readonly start: number }

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))

/** Input i = out * stride + tap * dilation - before, so i meets the taps with (i + before - tap * dilation) divisible by the stride. */
function axis(size: number, kernel: number, stride: number, dilation: number, before: number): Axis[] {
  const common = divisor(stride, dilation)
  return Array.from({ length: Math.min(stride, size) }, (_, at) => {
    const first = Array.from({ length: Math.min(kernel, stride) }, (_, tap) => tap).find(
      (tap) => (at + before - tap * dilation) % stride === 0,
    )
    const step = stride / common
    const taps = { first: first ?? 0, step, count: first === undefined ? 0 : Math.ceil((kernel - first) / step) }
    const start = (at + before - taps.first * dilation) / stride - (taps.count - 1) * (dilation / common)
    return { at, size: Math.ceil((size - at) / stride), taps, dilation: dilation / common, start: taps.count === 0 ? 0 : start }
  })
}

export const phasesOf = (w: Window): Phase[] =>
  axis(w.inH, w.kernelH, w.strideH, w.dilationH, w.top).flatMap((h) =>
    axis(w.inW, w.kernelW, w.strideW, w.dilationW, w.left).map((v) => ({
      row: h.at,
      column: v.at,
      rows: h.size,
      columns: v.size,
      tapsH: h.taps,
      tapsW: v.taps,
      dilationH: h.dilation,
      dilationW: v.dilation,
      startH: h.start,
      startW: v.start,
    })),
  )

/** Whether a phase meets any tap; one that does not is all zeros. */
export const meets = ({ tapsH, tapsW }: Phase): boolean => tapsH.count > 0 && tapsW.count > 0

/** What all phases read of the gradient's plane. */
export function frameOfPhases(w: Window, phases: readonly Phase[]): Frame {
  const meeting = phases.filter(meets)
  // Windows that lie in the padding alone.
  if (meeting.length === 0) return { inH: w.outH, inW: w.outW, top: 0, left: 0, height: 0, width: 0 }
  const top = -Math.min(...meeting.map((p) => p.startH))
  const left = -Math.min(...meeting.map((p) => p.startW))
  const end = (start: number, count: number, taps: Taps, dilation: number) => start + count - 1 + (taps.count - 1) * dilation + 1
  return {
    inH: w.outH,
    inW: w.outW,
    top,
    left,
    height: top + Math.max(...meeting.map((p) => end(p.startH, p.rows, p.tapsH, p.dilationH))),
    width: left + Math.max(...meeting.map((p) => end(p.startW, p.columns, p.tapsW, p.dilationW))),
  }
}

/** The taps of a phase as arguments of kernels/pack.as.ts. */
export const tapArgs = ({ tapsH: h, tapsW: v }: Phase): readonly number[] => [h.first, h.step, h.count, v.first, v.step, v.count]
