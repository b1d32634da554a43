/** DEPTHWISE_CONV_2D with constant weights: one kernel a channel, or many kernels over one channel, which is a convolution. */
import { type Window, windowOf } from '../../graph/math/window.ts'
import { stepRange } from '../../graph/ops/kit/fused.ts'
import { channelMultipliers, zeroOf } from '../../graph/ops/kit/scale.ts'
import { convolution } from './convolution.ts'
import { constants, defineFast } from './define.ts'
import { frameOf } from './frame.ts'
import { blockStarts, foldZero, packChannels, representable } from './parameters.ts'

export const depthwiseConv2d = defineFast({
  op: 'depthwise-conv-2d',
  prepare(attrs, [x, w, b], [y], _, memory) {
    const found = constants(w, b)
    if (!found) return undefined
    const { weights, bias } = found
    const [, kernelH, kernelW, outChannels] = w!.shape as readonly [number, number, number, number]
    const inChannels = x!.shape[3]!
    if (inChannels !== 1 && inChannels !== outChannels) return undefined
    const window = windowOf(attrs, x!.shape, [kernelH, kernelW], y!.shape)
    const weight = (o: number, i: number, j: number) => weights[(i * kernelW + j) * outChannels + o]!
    const sumOf = (o: number) => Array.from({ length: kernelH * kernelW }, (_, t) => weight(o, 0, t)).reduce((sum, v) => sum + v, 0)
    const [inputZero, outputZero] = [zeroOf(x!), zeroOf(y!)]
    const [min, max] = stepRange(attrs.fusedActivation, y!)
    const channels = { bias: foldZero(bias, inputZero, outChannels, sumOf), ...channelMultipliers(x!, w!, y!, outChannels) }
    if (inChannels === 1)
      return convolution({ window, inChannels, outChannels, weight, channels, inputZero, outputZero, min, max, once: false }, memory)
    if (!representable(channels)) return undefined

    const frame = frameOf(window, inChannels, inputZero)
    const { words, mode } = packChannels(channels, false)
    const taps = tapOffsets(window, frame.rowBytes, frame.pixelBytes)
    const layer = memory.put(
      Int32Array.from([
        ...frame.fields,
        ...[memory.put(taps), taps.length / 2],
        ...[window.outH, window.outW, inChannels, window.strideH * frame.rowBytes, window.strideW * frame.pixelBytes],
        ...[memory.put(packWeights(weights, kernelH * kernelW, inChannels)), memory.put(words)],
        ...[outputZero, min, max, mode],
      ]),
    )
    memory.needScratch(frame.bytes)
    const [inBytes, outBytes] = [window.inH * window.inW * inChannels, window.outH * window.outW * inChannels]
    const run = memory.exports
    return ([from], [to]) => {
      for (let n = 0; n < window.batch; n++)
        run.depthwise(layer, from!.byteOffset + n * inBytes, to!.byteOffset + n * outBytes, memory.scratch)
    }
  },
})

/** Byte offsets of the taps, an even number of them: an odd one out is paired with itself, at weight zero. */
function tapOffsets({ kernelH, kernelW, dilationH, dilationW }: Window, rowBytes: number, pixelBytes: number): Int32Array {
  const count = kernelH * kernelW
  return Int32Array.from({ length: count + (count & 1) }, (_, i) => {
    const tap = Math.min(i, count - 1)
    return Math.floor(tap / kernelW) * dilationH * rowBytes + (tap % kernelW) * dilationW * pixelBytes
  })
}

/** For each block of eight channels, for each pair of taps: eight channels x two int8. */
function packWeights(weights: Int8Array, taps: number, channels: number): Int8Array {
  const blockBytes = Math.ceil(taps / 2) * 16
  const starts = blockStarts(channels)
  const packed = new Int8Array(starts.length * blockBytes)
  starts.forEach((start, block) => {
    for (let tap = 0; tap < taps; tap++)
      for (let lane = 0; lane < 8 && start + lane < channels; lane++)
        packed[block * blockBytes + (tap >> 1) * 16 + lane * 2 + (tap & 1)] = weights[tap * channels + start + lane]!
  })
  return packed
}
