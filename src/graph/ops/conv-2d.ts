/** CONV_2D: NHWC image, OHWI filter; a filter of fewer channels than the image is a grouped convolution. */
import { size } from '../ir/graph.ts'
import { rescale, rescaleFloat } from '../math/requantise.ts'
import { type Steps, windowOf } from '../math/window.ts'
import { activation, bias, defineOp, fused, int, type Kernel, type Operand, padding, weight } from './define.ts'
import { groupOf, integerProducts, lift, realProducts } from './kit/accumulate.ts'
import { realRange, stepRange } from './kit/fused.ts'
import { channelMultipliers, zeroOf } from './kit/scale.ts'
import { checkBias, weightFacts } from './kit/weights.ts'
import { biasNumbers, wideStep } from './kit/wide.ts'
import { eachPosition, windowFacts, windowShape } from './kit/windowed.ts'

export const conv2d = defineOp({
  name: 'conv-2d',
  tflite: {
    code: 3,
    options: 1,
    version: (_, [x, w]) => (x && w && x.shape[3] !== w.shape[3] ? 6 : x?.dtype === 'int16' ? 4 : x?.dtype === 'int8' ? 3 : 1),
  },
  attrs: { padding: padding(0), strideW: int(1), strideH: int(2), fusedActivation: fused(3), dilationW: int(4, 1), dilationH: int(5, 1) },
  family: 'conv',
  roles: { in: [activation, weight(0), bias], out: [activation], required: 2 },
  infer: (attrs, [x, w, b]) => {
    if (w.shape.length !== 4) throw new Error(`its filter must be OHWI, not of rank ${w.shape.length}`)
    const [out, kernelH, kernelW, depth] = w.shape
    if (x.shape.length === 4 && (x.shape[3]! % depth! !== 0 || out! % (x.shape[3]! / depth!) !== 0))
      throw new Error(`its filter reads ${depth} channels, its image has ${x.shape[3]}`)
    checkBias(b, out!)
    return [[...windowShape(attrs, x.shape, [kernelH!, kernelW!]), out!]]
  },
  macs: (_, [, w], [y]) => (size(w.shape) / w.shape[0]!) * size(y.shape),
  facts: (attrs, [x, w, b]) => ({
    ...windowFacts(attrs, [w.shape[1]!, w.shape[2]!], x.shape),
    ...weightFacts(w, b, 0),
    ...{ groups: x.shape[3]! / w.shape[3]!, inputChannels: x.shape[3]!, outputChannels: w.shape[0]! },
  }),
  float: (attrs, operands, [y]) => {
    const [low, high] = realRange(attrs.fusedActivation)
    return convolve(attrs, operands, y, (sum) => Math.min(high, Math.max(low, sum)))
  },
  authority: { int16: 'tflm' },
  int8: (attrs, operands, [y], rounding) => {
    const [x, w] = operands
    if (x.dtype === 'int16')
      return convolve(attrs, operands, y, wideStep(channelMultipliers(x, w, y, w.shape[0]!), stepRange(attrs.fusedActivation, y)))
    const scaled = rounding === 'xnnpack' ? rescaleFloat : rescale
    const window = windowOf(attrs, x.shape, [w.shape[1]!, w.shape[2]!], y.shape)
    const [outputs, channels, depth] = [w.shape[0]!, x.shape[3]!, w.shape[3]!]
    const [low, high] = stepRange(attrs.fusedActivation, y)
    const [zeroX, zeroY] = [zeroOf(x), zeroOf(y)]
    const { mantissa, shift } = channelMultipliers(x, w, y, outputs)
    const [taps, groups] = [window.kernelH * window.kernelW, channels / depth]
    const patch = new Int16Array(taps * channels)
    const part = groups === 1 ? patch : new Int16Array(taps * depth)
    const sums = new Int32Array(outputs)
    const perGroup = outputs / groups
    return ([xs, ws, bs], [ys]) =>
      eachPosition(window, (at, image, top, left) => {
        lift(xs!, window, channels, zeroX, image, top, left, patch)
        if (bs) sums.set(bs as Int32Array)
        else sums.fill(0)
        if (groups === 1) integerProducts(patch, ws!, taps * depth, sums)
        else
          for (let g = 0; g < groups; g++) {
            const rows = ws!.subarray(g * perGroup * taps * depth)
            integerProducts(groupOf(patch, channels, depth, g, part), rows, taps * depth, sums.subarray(g * perGroup, (g + 1) * perGroup))
          }
        for (let o = 0, to = at * outputs; o < outputs; o++)
          ys![to++] = Math.min(high, Math.max(low, scaled(sums[o]!, mantissa[o]!, shift[o]!) + zeroY))
      })
  },
  examples: [
    { attrs: { strideH: 1, strideW: 1 }, shapes: [[1, 5, 5, 3], [4, 3, 3, 3], [4]] },
    { attrs: { padding: 'valid', strideH: 2, strideW: 2, fusedActivation: 'relu6' }, shapes: [[2, 7, 6, 2], [3, 3, 2, 2], [3]] },
    { attrs: { strideH: 1, strideW: 1, dilationH: 2, dilationW: 2 }, shapes: [[1, 8, 8, 1], [2, 3, 3, 1], [2]] },
    { attrs: { strideH: 2, strideW: 1, fusedActivation: 'relu' }, shapes: [[1, 4, 5, 6], [8, 3, 3, 3], [8]] },
    {
      attrs: { strideH: 1, strideW: 1 },
      shapes: [
        [1, 3, 3, 8],
        [5, 1, 1, 8],
      ],
    },
  ],
})

type ConvAttrs = Steps & { readonly fusedActivation: string }

/** In double, which is exact for 16-bit activations too; `close` makes an element of the sum of an output channel. */
function convolve(attrs: ConvAttrs, [x, w, b]: readonly Operand[], y: Operand, close: (sum: number, o: number) => number): Kernel {
  const window = windowOf(attrs, x!.shape, [w!.shape[1]!, w!.shape[2]!], y.shape)
  const [outputs, channels, depth] = [w!.shape[0]!, x!.shape[3]!, w!.shape[3]!]
  const [taps, groups] = [window.kernelH * window.kernelW, channels / depth]
  const patch = new Float32Array(taps * channels)
  const part = groups === 1 ? patch : new Float32Array(taps * depth)
  const sums = new Float64Array(outputs)
  const perGroup = outputs / groups
  const biases = biasNumbers(b)
  return ([xs, ws, bs], [ys]) => {
    const offsets = biases(bs)
    eachPosition(window, (at, image, top, left) => {
      lift(xs!, window, channels, 0, image, top, left, patch)
      if (offsets) sums.set(offsets)
      else sums.fill(0)
      for (let g = 0; g < groups; g++) {
        const read = groups === 1 ? patch : groupOf(patch, channels, depth, g, part)
        const rows = ws!.subarray(g * perGroup * taps * depth)
        realProducts(read, rows, taps * depth, sums.subarray(g * perGroup, (g + 1) * perGroup))
      }
      for (let o = 0; o < outputs; o++) ys![at * outputs + o] = close(sums[o]!, o)
    })
  }
}
