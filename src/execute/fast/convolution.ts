/** A convolution ready to run: packed weights and geometry, whatever operator it came from. */
import type { Window } from '../../graph/math/window.ts'
import type { Kernel } from '../../graph/ops/define.ts'
import type { FastMemory } from './define.ts'
import { frameOf } from './frame.ts'
import { blockStarts, foldZero, type Multipliers, packChannels, representable } from './parameters.ts'

export type Convolution = {
  readonly window: Window
  readonly inChannels: number
  readonly outChannels: number
  readonly weights: Int8Array
  /** How far apart two weights stand that differ by one output channel, tap row, tap column, input channel. */
  readonly steps: { readonly out: number; readonly row: number; readonly column: number; readonly channel: number }
  readonly bias: Int32Array | undefined
  readonly multipliers: Multipliers
  readonly inputZero: number
  readonly outputZero: number
  readonly min: number
  readonly max: number
  /** One rounding instead of two. */
  readonly once: boolean
}

/**
 * Weights as blocks of eight channels: for each run of elements that lie together, pairs of elements, eight channels x 2 int8.
 * Where `columns` is 1 a run holds all columns of a tap row. Also the sum of each channel's weights.
 */
function packWeights({ window: { kernelH, kernelW }, inChannels, outChannels, weights, steps }: Convolution, columns: number) {
  const together = kernelW / columns
  const runBytes = Math.ceil((together * inChannels) / 2) * 16
  const starts = blockStarts(outChannels)
  const packed = new Int8Array(starts.length * kernelH * columns * runBytes)
  const sums = new Int32Array(outChannels)
  const lanes = Math.min(8, outChannels)
  for (const [block, start] of starts.entries())
    for (let lane = 0; lane < lanes; lane++) {
      let sum = 0
      for (let tap = 0; tap < kernelH * kernelW; tap++) {
        const [row, column] = [Math.floor(tap / kernelW), tap % kernelW]
        const run = (block * kernelH + row) * columns + Math.floor(column / together)
        let from = (start + lane) * steps.out + row * steps.row + column * steps.column
        let k = (column % together) * inChannels
        for (const end = k + inChannels; k < end; k++, from += steps.channel) {
          const value = weights[from]!
          packed[run * runBytes + (k >> 1) * 16 + lane * 2 + (k & 1)] = value
          sum += value
        }
      }
      sums[start + lane] = sum
    }
  return { packed, sums, blockBytes: kernelH * columns * runBytes }
}

export function convolution(c: Convolution, memory: FastMemory): Kernel | undefined {
  const { window: w, inChannels, outChannels } = c
  if (!representable(c.multipliers)) return undefined
  // Without dilation the columns of a tap row lie together.
  const columns = w.dilationW === 1 ? 1 : w.kernelW
  const frame = frameOf(w, inChannels, c.inputZero)
  const pairs = Math.ceil(((w.kernelW / columns) * inChannels) / 2)
  const form = [w.kernelH, w.kernelW, columns, inChannels, outChannels, ...Object.values(c.steps)].join()
  const { packed, sums, blockBytes } = memory.packed(c.weights, form, () => packWeights(c, columns))
  const { words, mode } = packChannels(foldZero(c.bias, c.inputZero, sums), c.multipliers, c.once)
  const pointwise = w.kernelH * w.kernelW === 1 && w.strideH === 1 && w.strideW === 1 && w.inH === w.outH && w.inW === w.outW
  const fields = [
    ...frame.fields,
    ...[w.kernelH, columns, pairs, w.dilationH * frame.rowBytes, w.dilationW * frame.pixelBytes],
    ...[w.outH, w.outW, outChannels, w.strideH * frame.rowBytes, w.strideW * frame.pixelBytes],
    ...[memory.put(packed), blockBytes, memory.put(words)],
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
