/** DEPTHWISE_CONV_2D in float with constant weights: one kernel a channel, or many kernels over one channel, which is a convolution. */
import { type Window, windowOf } from '../../../graph/math/window.ts'
import { realRange } from '../../../graph/ops/kit/fused.ts'
import { defineFast } from '../define.ts'
import { frameOf } from '../frame.ts'
import { convolution, largestFrame } from './convolution.ts'
import { blockStarts, constants, packEnds } from './parameters.ts'

export const depthwiseConv2d = defineFast({
  op: 'depthwise-conv-2d',
  prepare(attrs, [x, w, b], [y], _, memory) {
    const found = constants(w, b)
    if (!found) return undefined
    const [, kernelH, kernelW, outChannels] = w!.shape as readonly [number, number, number, number]
    const inChannels = x!.shape[3]!
    const window = windowOf(attrs, x!.shape, [kernelH, kernelW], y!.shape)
    const range = realRange(attrs.fusedActivation)
    if (inChannels === 1) {
      const steps = { out: 1, row: kernelW * outChannels, column: outChannels, channel: 0 }
      return convolution({ ...found, window, inChannels, outChannels, steps, biasStands: 'before', range }, memory)
    }
    const frame = frameOf(window, inChannels, 0, 8)
    if (inChannels !== outChannels || frame.bytes > largestFrame) return undefined
    const taps = kernelH * kernelW
    const packed = memory.packed(found.weights, `double taps of ${inChannels}`, () => packWeights(found.weights, taps, inChannels))
    const layer = memory.put(
      Int32Array.from([
        ...frame.fields,
        ...[memory.put(tapOffsets(window, frame.rowBytes, frame.pixelBytes)), taps],
        ...[window.outH, window.outW, inChannels, window.strideH * frame.rowBytes, window.strideW * frame.pixelBytes],
        ...[memory.put(packed), memory.put(packEnds(found.bias, inChannels, 'before', range))],
      ]),
    )
    memory.needScratch(frame.bytes)
    const [inBytes, outBytes] = [4 * window.inH * window.inW * inChannels, 4 * window.outH * window.outW * inChannels]
    const run = memory.exports
    return ([from], [to]) => {
      for (let n = 0; n < window.batch; n++)
        run.floatDepthwise(layer, from!.byteOffset + n * inBytes, to!.byteOffset + n * outBytes, memory.scratch)
    }
  },
})

const tapOffsets = ({ kernelH, kernelW, dilationH, dilationW }: Window, rowBytes: number, pixelBytes: number): Int32Array =>
  Int32Array.from(
    { length: kernelH * kernelW },
    (_, tap) => Math.floor(tap / kernelW) * dilationH * rowBytes + (tap % kernelW) * dilationW * pixelBytes,
  )

/** For each block of four channels, for each tap: four doubles. */
function packWeights(weights: Float32Array, taps: number, channels: number): Float64Array {
  const starts = blockStarts(channels)
  const packed = new Float64Array(starts.length * taps * 4)
  for (const [block, start] of starts.entries())
    for (let tap = 0; tap < taps; tap++)
      for (let lane = 0; lane < 4 && start + lane < channels; lane++)
        packed[(block * taps + tap) * 4 + lane] = weights[tap * channels + start + lane]!
  return packed
}
