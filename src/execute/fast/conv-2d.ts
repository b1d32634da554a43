/** CONV_2D with constant weights, ungrouped. */
import { windowOf } from '../../graph/math/window.ts'
import { stepRange } from '../../graph/ops/kit/fused.ts'
import { channelMultipliers, zeroOf } from '../../graph/ops/kit/scale.ts'
import { convolution } from './convolution.ts'
import { constants, defineFast } from './define.ts'

export const conv2d = defineFast({
  op: 'conv-2d',
  prepare(attrs, [x, w, b], [y], _, memory) {
    const found = constants(w, b)
    if (!found || w!.shape[3] !== x!.shape[3]) return undefined
    const [outChannels, kernelH, kernelW, inChannels] = w!.shape as readonly [number, number, number, number]
    const [min, max] = stepRange(attrs.fusedActivation, y!)
    return convolution(
      {
        window: windowOf(attrs, x!.shape, [kernelH, kernelW], y!.shape),
        ...{ ...found, inChannels, outChannels, min, max, once: false, inputZero: zeroOf(x!), outputZero: zeroOf(y!) },
        steps: { out: kernelH * kernelW * inChannels, row: kernelW * inChannels, column: inChannels, channel: 1 },
        multipliers: channelMultipliers(x!, w!, y!, outChannels),
      },
      memory,
    )
  },
})
