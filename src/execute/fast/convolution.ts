/** A convolution ready to run: packed weights and geometry, whatever operator it came from. */
import type { Window } from '../../graph/math/window.ts'
import type { Kernel } from '../../graph/ops/define.ts'
import type { FastMemory } from './define.ts'
import { frameOf } from './frame.ts'
import { blockStarts, type Channels, packChannels, representable } from './parameters.ts'

export type Convolution = {
  readonly window: Window
  readonly inChannels: number
  readonly outChannels: number
  /** The weight of output channel `o`, tap (i, j), input channel `c`. */
  weight(o: number, i: number, j: number, c: number): number
  readonly channels: Channels
  readonly inputZero: number
  readonly outputZero: number
  readonly min: number
  readonly max: number
  /** One rounding instead of two. */
  readonly once: boolean
}

/** Weights as blocks of eight channels: for each run of elements that lie together, pairs of elements, eight channels x 2 int8. */
function packWeights({ window: { kernelH, kernelW }, inChannels, outChannels, weight }: Convolution, columns: number): Int8Array {
  const elements = ((kernelW / columns) * inChannels) | 0
  const runBytes = Math.ceil(elements / 2) * 16
  const starts = blockStarts(outChannels)
  const packed = new Int8Array(starts.length * kernelH * columns * runBytes)
  let run = 0
  for (const start of starts)
    for (let i = 0; i < kernelH; i++)
      for (let j = 0; j < columns; j++, run += runBytes)
        for (let k = 0; k < elements; k++)
          for (let lane = 0; lane < 8 && start + lane < outChannels; lane++) {
            const column = columns === 1 ? Math.floor(k / inChannels) : j
            packed[run + (k >> 1) * 16 + lane * 2 + (k & 1)] = weight(start + lane, i, column, k % inChannels)
          }
  return packed
}

export function convolution(c: Convolution, memory: FastMemory): Kernel | undefined {
  const { window: w, inChannels, outChannels } = c
  if (!representable(c.channels)) return undefined
  // Without dilation the columns of a tap row lie together.
  const columns = w.dilationW === 1 ? 1 : w.kernelW
  const frame = frameOf(w, inChannels, c.inputZero)
  const pairs = Math.ceil(((w.kernelW / columns) * inChannels) / 2)
  const weights = packWeights(c, columns)
  const blocks = blockStarts(outChannels).length
  const { words, mode } = packChannels(c.channels, c.once)
  const pointwise = w.kernelH * w.kernelW === 1 && w.strideH === 1 && w.strideW === 1 && w.inH === w.outH && w.inW === w.outW
  const fields = [
    ...frame.fields,
    ...[w.kernelH, columns, pairs, w.dilationH * frame.rowBytes, w.dilationW * frame.pixelBytes],
    ...[w.outH, w.outW, outChannels, w.strideH * frame.rowBytes, w.strideW * frame.pixelBytes],
    ...[memory.put(weights), weights.length / blocks, memory.put(words)],
    ...[c.outputZero, c.min, c.max, mode],
  ]
  if (pointwise) fields[1] = inChannels
  const layer = memory.put(Int32Array.from(fields))
  const run = memory.exports
  if (pointwise) {
    // 64 pixels at a time: STRIP in conv.as.ts.
    memory.needScratch(2 * 64 * inChannels)
    const pixels = w.batch * w.outH * w.outW
    return ([x], [y]) => run.pointwise(layer, x!.byteOffset, y!.byteOffset, memory.scratch, pixels)
  }
  memory.needScratch(frame.bytes)
  const [inBytes, outBytes] = [w.inH * w.inW * inChannels, w.outH * w.outW * outChannels]
  return ([x], [y]) => {
    for (let n = 0; n < w.batch; n++) run.conv(layer, x!.byteOffset + n * inBytes, y!.byteOffset + n * outBytes, memory.scratch)
  }
}
