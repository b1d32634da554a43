/** PRELU: x, or alpha x below zero, with an alpha of its own for each channel or element. Each side has its own multiplier. */
import { multiplier, rescale } from '../math/requantise.ts'
import { activation, defineOp } from './define.ts'
import { broadcast, eachPair, pairFacts } from './kit/binary.ts'
import { limitsOf, ratio, scaleOf, zeroOf } from './kit/scale.ts'

export const prelu = defineOp({
  name: 'prelu',
  tflite: { code: 54, options: 0, version: () => 1 },
  attrs: {},
  family: 'elementwise',
  roles: { in: [activation, activation], out: [activation] },
  infer: (_, [x, alpha]) => {
    if (`${broadcast(x.shape, alpha.shape)}` !== `${x.shape}`)
      throw new Error(`its alpha [${alpha.shape}] is larger than its input [${x.shape}]`)
    return [x.shape]
  },
  macs: () => 0,
  facts: (_, inputs) => ({ ...pairFacts(inputs), alphaRank: inputs[1].shape.filter((extent) => extent > 1).length }),
  float: (_, inputs, outputs) => eachPair(inputs, outputs, (x, alpha) => (x >= 0 ? x : x * alpha)),
  int8: (_, inputs, outputs) => {
    const [[x, alpha], [y]] = [inputs, outputs]
    const [zeroX, zeroA, zeroY, [low, high]] = [zeroOf(x!), zeroOf(alpha!), zeroOf(y!), limitsOf(y!)]
    const above = ratio(x!, y!)
    const below = multiplier((scaleOf(x!) * scaleOf(alpha!)) / scaleOf(y!))
    return eachPair(inputs, outputs, (p, a) => {
      const value = p - zeroX
      const side = value >= 0 ? above : below
      return Math.min(high, Math.max(low, rescale(value >= 0 ? value : value * (a - zeroA), side.mantissa, side.shift) + zeroY))
    })
  },
  examples: [
    {
      shapes: [
        [1, 4, 4, 3],
        [1, 1, 3],
      ],
    },
    {
      shapes: [
        [2, 3, 2, 4],
        [3, 2, 4],
      ],
    },
  ],
})
