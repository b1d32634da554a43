/** CONV_2D with constant weights, ungrouped. */
import { windowOf } from '../../graph/math/window.ts'
import { stepRange } from '../../graph/ops/kit/fused.ts'
import { channelMultipliers, zeroOf } from '../../graph/ops/kit/scale.ts'
import { convolution } from './convolution.ts'
import { constants, defineFast } from './define.ts'
import { foldZero } from './parameters.ts'

export const conv2d = defineFast({
  op: 'conv-2d',
  prepare(attrs, [x, w, b], [y], _, memory) {
    const found = constants(w, b)
    if (!found || w!.shape[3] !== x!.shape[3]) return undefined
    const { weights, bias } = found
    const [outChannels, kernelH, kernelW, inChannels] = w!.shape as readonly [number, number, number, number]
    const each = kernelH * kernelW * inChannels
    const sumOf = (o: number) => weights.subarray(o * each, (o + 1) * each).reduce((sum, v) => sum + v, 0)
    const [min, max] = stepRange(attrs.fusedActivation, y!)
    return convolution(
      {
        window: windowOf(attrs, x!.shape, [kernelH, kernelW], y!.shape),
        ...{ inChannels, outChannels, min, max, once: false, inputZero: zeroOf(x!), outputZero: zeroOf(y!) },
        weight: (o, i, j, c) => weights[o * each + (i * kernelW + j) * inChannels + c]!,
        channels: { bias: foldZero(bias, zeroOf(x!), outChannels, sumOf), ...channelMultipliers(x!, w!, y!, outChannels) },
      },
      memory,
    )
  },
})
