/** A float convolution ready to run: packed weights and geometry, whatever operator it came from. */
import type { Window } from '../../../graph/math/window.ts'
import type { Kernel } from '../../../graph/ops/define.ts'
import type { FastMemory } from '../define.ts'
import { frameOf } from '../frame.ts'
import { type BiasStands, blockStarts, packEnds } from './parameters.ts'

export type FloatConvolution = {
  readonly window: Window
  readonly inChannels: number
  readonly outChannels: number
  readonly weights: Float32Array
  /** How far apart two weights stand that differ by one output channel, tap row, tap column, input channel. */
  readonly steps: { readonly out: number; readonly row: number; readonly column: number; readonly channel: number }
  readonly bias: Float32Array | undefined
  readonly biasStands: BiasStands
  readonly range: readonly [number, number]
}

/** The largest framed image in bytes; what is larger runs in the room, in the memory of one patch. */
export const largestFrame = 2 ** 28

/** Blocks of four channels: for each tap, for each input channel, four doubles. */
function packWeights({ window: { kernelH, kernelW }, inChannels, outChannels, weights, steps }: FloatConvolution): Float64Array {
  const starts = blockStarts(outChannels)
  const [taps, lanes] = [kernelH * kernelW, Math.min(4, outChannels)]
  const packed = new Float64Array(starts.length * taps * inChannels * 4)
  for (const [block, start] of starts.entries())
    for (let tap = 0; tap < taps; tap++)
      for (let lane = 0; lane < lanes; lane++) {
        let from = (start + lane) * steps.out + Math.floor(tap / kernelW) * steps.row + (tap % kernelW) * steps.column
        let to = (block * taps + tap) * inChannels * 4 + lane
        for (let k = 0; k < inChannels; k++, from += steps.channel, to += 4) packed[to] = weights[from]!
      }
  return packed
}

export function convolution(c: FloatConvolution, memory: FastMemory): Kernel | undefined {
  const { window: w, inChannels, outChannels } = c
  const frame = frameOf(w, inChannels, 0, 8)
  const pointwise = w.kernelH * w.kernelW === 1 && w.strideH === 1 && w.strideW === 1 && w.inH === w.outH && w.inW === w.outW
  if (!pointwise && frame.bytes > largestFrame) return undefined
  // Without dilation the columns of a tap row lie together.
  const columns = w.dilationW === 1 ? 1 : w.kernelW
  const together = w.kernelW / columns
  const form = ['double', w.kernelH, w.kernelW, inChannels, outChannels, ...Object.values(c.steps)].join()
  const packed = memory.packed(c.weights, form, () => packWeights(c))
  const fields = [
    ...frame.fields,
    ...[w.kernelH, columns, together * inChannels, w.dilationH * frame.rowBytes, w.dilationW * frame.pixelBytes],
    ...[w.outH, w.outW, outChannels, w.strideH * frame.rowBytes, w.strideW * frame.pixelBytes],
    ...[memory.put(packed), w.kernelH * w.kernelW * inChannels * 4 * 8],
    memory.put(packEnds(c.bias, outChannels, c.biasStands, c.range)),
  ]
  if (pointwise) fields[1] = inChannels
  const layer = memory.put(Int32Array.from(fields))
  const run = memory.exports
  if (pointwise) {
    // 32 pixels at a time: STRIP in conv.as.ts.
    memory.needScratch(8 * 32 * inChannels)
    const pixels = w.batch * w.outH * w.outW
    return ([x], [y]) => run.floatPointwise(layer, x!.byteOffset, y!.byteOffset, memory.scratch, pixels)
  }
  memory.needScratch(frame.bytes)
  const [inBytes, outBytes] = [4 * w.inH * w.inW * inChannels, 4 * w.outH * w.outW * outChannels]
  return ([x], [y]) => {
    for (let n = 0; n < w.batch; n++) run.floatConv(layer, x!.byteOffset + n * inBytes, y!.byteOffset + n * outBytes, memory.scratch)
  }
}
