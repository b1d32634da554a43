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
    const [, kernelH, kernelW, outChannels] = w!.shape as readonly [number, number, number, number]
    const inChannels = x!.shape[3]!
    if (inChannels !== 1 && inChannels !== outChannels) return undefined
    const window = windowOf(attrs, x!.shape, [kernelH, kernelW], y!.shape)
    const multipliers = channelMultipliers(x!, w!, y!, outChannels)
    const [inputZero, outputZero] = [zeroOf(x!), zeroOf(y!)]
    const [min, max] = stepRange(attrs.fusedActivation, y!)
    if (inChannels === 1) {
      const steps = { out: 1, row: kernelW * outChannels, column: outChannels, channel: 0 }
      const layer = { ...found, window, inChannels, outChannels, steps, multipliers, inputZero, outputZero, min, max, once: false }
      return convolution(layer, memory)
    }
    if (!representable(multipliers)) return undefined

    const frame = frameOf(window, inChannels, inputZero)
    const { packed, sums } = memory.packed(found.weights, `taps of ${inChannels}`, () =>
      packWeights(found.weights, kernelH * kernelW, inChannels),
    )
    const { words, mode } = packChannels(foldZero(found.bias, inputZero, sums), multipliers, false)
    const taps = tapOffsets(window, frame.rowBytes, frame.pixelBytes)
    const layer = memory.put(
      Int32Array.from([
        ...frame.fields,
        ...[memory.put(taps), taps.length / 2],
        ...[window.outH, window.outW, inChannels, window.strideH * frame.rowBytes, window.strideW * frame.pixelBytes],
        ...[memory.put(packed), memory.put(words)],
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

/** For each block of eight channels, for each pair of taps: eight channels x two int8. Also the sum of each channel's weights. */
function packWeights(weights: Int8Array, taps: number, channels: number) {
  const blockBytes = Math.ceil(taps / 2) * 16
  const starts = blockStarts(channels)
  const packed = new Int8Array(starts.length * blockBytes)
  const sums = new Int32Array(channels)
  starts.forEach((start, block) => {
    for (let lane = 0; lane < 8 && start + lane < channels; lane++) {
      let sum = 0
      for (let tap = 0; tap < taps; tap++) {
        const value = weights[tap * channels + start + lane]!
        packed[block * blockBytes + (tap >> 1) * 16 + lane * 2 + (tap & 1)] = value
        sum += value
      }
      sums[start + lane] = sum
    }
  })
  return { packed, sums }
}
