/** CONV_2D in float with constant weights, ungrouped. */
import { windowOf } from '../../../graph/math/window.ts'
import { realRange } from '../../../graph/ops/kit/fused.ts'
import { defineFast } from '../define.ts'
import { convolution } from './convolution.ts'
import { constants } from './parameters.ts'

export const conv2d = defineFast({
  op: 'conv-2d',
  prepare(attrs, [x, w, b], [y], _, memory) {
    const found = constants(w, b)
    if (!found || w!.shape[3] !== x!.shape[3]) return undefined
    const [outChannels, kernelH, kernelW, inChannels] = w!.shape as readonly [number, number, number, number]
    return convolution(
      {
        ...{ ...found, inChannels, outChannels, biasStands: 'behind', range: realRange(attrs.fusedActivation) },
        window: windowOf(attrs, x!.shape, [kernelH, kernelW], y!.shape),
        steps: { out: kernelH * kernelW * inChannels, row: kernelW * inChannels, column: inChannels, channel: 1 },
      },
      memory,
    )
  },
})
