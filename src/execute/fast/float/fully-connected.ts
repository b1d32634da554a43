/** FULLY_CONNECTED in float with constant weights: a 1 x 1 convolution over rows. */
import { size } from '../../../graph/ir/graph.ts'
import { realRange } from '../../../graph/ops/kit/fused.ts'
import { defineFast } from '../define.ts'
import { oneRow } from '../fully-connected.ts'
import { convolution } from './convolution.ts'
import { constants } from './parameters.ts'

export const fullyConnected = defineFast({
  op: 'fully-connected',
  prepare(attrs, [x, w, b], _, __, memory) {
    const found = constants(w, b)
    if (!found) return undefined
    const outChannels = w!.shape[0]!
    const inChannels = found.weights.length / outChannels
    const rows = size(x!.shape) / inChannels
    return convolution(
      {
        ...{ ...found, inChannels, outChannels, biasStands: 'behind', range: realRange(attrs.fusedActivation) },
        window: { ...oneRow, inW: rows, outW: rows },
        steps: { out: inChannels, row: 0, column: 0, channel: 1 },
      },
      memory,
    )
  },
})
