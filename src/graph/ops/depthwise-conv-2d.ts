/** DEPTHWISE_CONV_2D: NHWC image, filter [1, H, W, channels x multiplier]; each channel meets its own kernels. */
import { size } from '../ir/graph.ts'
import { rescale, rescaleFloat } from '../math/requantise.ts'
import { type Steps, windowOf } from '../math/window.ts'
import { activation, bias, defineOp, fused, int, type Kernel, type Operand, padding, weight } from './define.ts'
import { realRange, stepRange } from './kit/fused.ts'
import { channelMultipliers, zeroOf } from './kit/scale.ts'
import { checkBias, weightFacts } from './kit/weights.ts'
import { biasNumbers, wideStep } from './kit/wide.ts'
import { eachPosition, tapsInside, windowFacts, windowShape } from './kit/windowed.ts'

export const depthwiseConv2d = defineOp({
  name: 'depthwise-conv-2d',
  tflite: {
    code: 4,
    options: 2,
    version: ({ dilationH, dilationW }, [x]) =>
      x?.dtype === 'int16' ? 5 : x?.dtype === 'int8' ? 3 : dilationH !== 1 || dilationW !== 1 ? 2 : 1,
  },
  attrs: {
    ...{ padding: padding(0), strideW: int(1), strideH: int(2), depthMultiplier: int(3), fusedActivation: fused(4) },
    ...{ dilationW: int(5, 1), dilationH: int(6, 1) },
  },
  family: 'depthwise',
  roles: { in: [activation, weight(3), bias], out: [activation], required: 2 },
  infer: (attrs, [x, w, b]) => {
    if (w.shape.length !== 4 || w.shape[0] !== 1) throw new Error(`its filter must have the shape [1, H, W, channels], not [${w.shape}]`)
    if (x.shape.length === 4 && w.shape[3]! % x.shape[3]! !== 0)
      throw new Error(`its filter has ${w.shape[3]} channels, no multiple of the image's ${x.shape[3]}`)
    checkBias(b, w.shape[3]!)
    return [[...windowShape(attrs, x.shape, [w.shape[1]!, w.shape[2]!]), w.shape[3]!]]
  },
  macs: (_, [, w], [y]) => w.shape[1]! * w.shape[2]! * size(y.shape),
  facts: (attrs, [x, w, b]) => ({
    ...windowFacts(attrs, [w.shape[1]!, w.shape[2]!], x.shape),
    ...weightFacts(w, b, 3),
    ...{ depthMultiplier: w.shape[3]! / x.shape[3]!, inputChannels: x.shape[3]!, outputChannels: w.shape[3]! },
  }),
  float: (attrs, operands, [y]) => {
    const [low, high] = realRange(attrs.fusedActivation)
    return convolve(attrs, operands, y, (sum) => Math.min(high, Math.max(low, sum)))
  },
  authority: { int16: 'tflm' },
  int8: (attrs, operands, [y], rounding) => {
    const [x, w] = operands
    if (x.dtype === 'int16')
      return convolve(attrs, operands, y, wideStep(channelMultipliers(x, w, y, w.shape[3]!), stepRange(attrs.fusedActivation, y)))
    const scaled = rounding === 'xnnpack' ? rescaleFloat : rescale
    const window = windowOf(attrs, x.shape, [w.shape[1]!, w.shape[2]!], y.shape)
    const [channels, outputs] = [x.shape[3]!, w.shape[3]!]
    const [low, high] = stepRange(attrs.fusedActivation, y)
    const [zeroX, zeroY] = [zeroOf(x), zeroOf(y)]
    const { mantissa, shift } = channelMultipliers(x, w, y, outputs)
    const sums = new Int32Array(outputs)
    return ([xs, ws, bs], [ys]) =>
      eachPosition(window, (at, image, top, left) => {
        if (bs) sums.set(bs as Int32Array)
        else sums.fill(0)
        accumulate(window, channels, outputs, zeroX, image, top, left, xs!, ws!, sums)
        for (let o = 0, to = at * outputs; o < outputs; o++)
          ys![to++] = Math.min(high, Math.max(low, scaled(sums[o]!, mantissa[o]!, shift[o]!) + zeroY))
      })
  },
  examples: [
    { attrs: { strideH: 1, strideW: 1, depthMultiplier: 1 }, shapes: [[1, 5, 5, 4], [1, 3, 3, 4], [4]] },
    {
      attrs: { padding: 'valid', strideH: 2, strideW: 2, depthMultiplier: 2, fusedActivation: 'relu' },
      shapes: [[2, 7, 6, 3], [1, 3, 2, 6], [6]],
    },
    {
      attrs: { strideH: 1, strideW: 1, depthMultiplier: 3, dilationH: 2, dilationW: 2 },
      shapes: [
        [1, 6, 6, 1],
        [1, 3, 3, 3],
      ],
    },
  ],
})

type ConvAttrs = Steps & { readonly fusedActivation: string }

/** In double, which is exact for 16-bit activations too; `close` makes an element of the sum of an output channel. */
function convolve(attrs: ConvAttrs, [x, w, b]: readonly Operand[], y: Operand, close: (sum: number, o: number) => number): Kernel {
  const window = windowOf(attrs, x!.shape, [w!.shape[1]!, w!.shape[2]!], y.shape)
  const [channels, outputs] = [x!.shape[3]!, w!.shape[3]!]
  const [sums, biases] = [new Float64Array(outputs), biasNumbers(b)]
  return ([xs, ws, bs], [ys]) => {
    const offsets = biases(bs)
    eachPosition(window, (at, image, top, left) => {
      if (offsets) sums.set(offsets)
      else sums.fill(0)
      accumulate(window, channels, outputs, 0, image, top, left, xs!, ws!, sums)
      for (let o = 0; o < outputs; o++) ys![at * outputs + o] = close(sums[o]!, o)
    })
  }
}

/** sums[o] += the window's products, taps outside the image left out. */
function accumulate(
  window: ReturnType<typeof windowOf>,
  channels: number,
  outputs: number,
  zero: number,
  image: number,
  top: number,
  left: number,
  xs: ArrayLike<number>,
  ws: ArrayLike<number>,
  sums: Int32Array | Float64Array,
): void {
  const { inH, inW, kernelH, kernelW, dilationH, dilationW } = window
  const [firstY, lastY] = tapsInside(top, kernelH, dilationH, inH)
  const [firstX, lastX] = tapsInside(left, kernelW, dilationW, inW)
  const copies = outputs / channels
  for (let ky = firstY; ky < lastY; ky++)
    for (let kx = firstX; kx < lastX; kx++) {
      let from = ((image * inH + top + ky * dilationH) * inW + left + kx * dilationW) * channels
      let tap = (ky * kernelW + kx) * outputs
      if (copies === 1) for (let o = 0; o < outputs; o++) sums[o]! += (xs[from++]! - zero) * ws[tap++]!
      else
        for (let o = 0; o < outputs; from++) {
          const value = xs[from]! - zero
          for (let m = 0; m < copies; m++) sums[o++]! += value * ws[tap++]!
        }
    }
}
