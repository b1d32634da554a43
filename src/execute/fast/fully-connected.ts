/** FULLY_CONNECTED with constant weights: a 1 x 1 convolution over rows, rounded as the reference in question rounds it. */
import { size } from '../../graph/ir/graph.ts'
import { outputMultipliers } from '../../graph/ops/fully-connected.ts'
import { stepRange } from '../../graph/ops/kit/fused.ts'
import { zeroOf } from '../../graph/ops/kit/scale.ts'
import { convolution } from './convolution.ts'
import { constants, defineFast } from './define.ts'

/** The window of a row of pixels that are rows of inputs. */
export const oneRow = {
  batch: 1,
  inH: 1,
  outH: 1,
  kernelH: 1,
  kernelW: 1,
  strideH: 1,
  strideW: 1,
  dilationH: 1,
  dilationW: 1,
  top: 0,
  left: 0,
}

export const fullyConnected = defineFast({
  op: 'fully-connected',
  prepare(attrs, [x, w, b], [y], rounding, memory) {
    const found = constants(w, b)
    if (!found || w!.quant!.zero.some((zero) => zero !== 0)) return undefined
    const outChannels = w!.shape[0]!
    const inChannels = found.weights.length / outChannels
    const rows = size(x!.shape) / inChannels
    const [min, max] = stepRange(attrs.fusedActivation, y!)
    return convolution(
      {
        window: { ...oneRow, inW: rows, outW: rows },
        ...{ ...found, inChannels, outChannels, min, max, once: rounding === 'litert', inputZero: zeroOf(x!), outputZero: zeroOf(y!) },
        steps: { out: inChannels, row: 0, column: 0, channel: 1 },
        multipliers: outputMultipliers(x!, w!, y!, outChannels),
      },
      memory,
    )
  },
})
