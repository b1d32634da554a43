/** TRANSPOSE_CONV: each pixel of an NHWC image spreads over a window of a larger one; filter OHWI, the output's shape comes first. */
import { size } from '../ir/graph.ts'
import { rescale } from '../math/requantise.ts'
import { outExtent, type Padding, type Window, windowOf } from '../math/window.ts'
import { activation, bias, defineOp, fused, index, int, type Kernel, type Operand, padding, weight } from './define.ts'
import { realRange, stepRange } from './kit/fused.ts'
import { constant } from './kit/gather.ts'
import { channelMultipliers, zeroOf } from './kit/scale.ts'
import { checkBias, weightFacts } from './kit/weights.ts'
import { biasNumbers, wideStep } from './kit/wide.ts'
import { eachPosition, windowFacts } from './kit/windowed.ts'

export const transposeConv = defineOp({
  name: 'transpose-conv',
  tflite: {
    code: 67,
    options: 49,
    version: ({ fusedActivation }, [, w, , b]) => (fusedActivation !== 'none' ? 4 : b ? 3 : w?.dtype === 'int8' ? 2 : 1),
  },
  attrs: { padding: padding(0), strideW: int(1), strideH: int(2), fusedActivation: fused(3) },
  family: 'conv',
  roles: { in: [index, weight(0), activation, bias], out: [activation], required: 3 },
  infer: (attrs, [shape, w, x, b]) => {
    const out = constant(shape, 'output shape')
    checkBias(b, w.shape[0]!)
    checkFit(attrs, out, w, x)
    return [out]
  },
  macs: (_, [, w, x]) => (size(x.shape) / x.shape[3]!) * size(w.shape),
  facts: (attrs, [, w, x, b], [y]) => ({
    ...windowFacts(attrs, [w.shape[1]!, w.shape[2]!], y.shape),
    ...weightFacts(w, b, 0),
    ...{ inputChannels: x.shape[3]!, outputChannels: w.shape[0]! },
    ...{ inputHeight: x.shape[1]!, inputWidth: x.shape[2]! },
  }),
  float: (attrs, operands, [y]) => {
    const [low, high] = realRange(attrs.fusedActivation)
    return transposed(attrs, operands, y, (sum) => Math.min(high, Math.max(low, sum)))
  },
  authority: { int16: 'tflm' },
  int8: (attrs, operands, [y]) => {
    const [, w, x] = operands
    if (x.dtype === 'int16')
      return transposed(attrs, operands, y, wideStep(channelMultipliers(x, w, y, w.shape[0]!), stepRange(attrs.fusedActivation, y)))
    const window = windowOf(attrs, y.shape, [w.shape[1]!, w.shape[2]!], x.shape)
    const [low, high] = stepRange(attrs.fusedActivation, y)
    const [channels, outputs, sums] = [x.shape[3]!, w.shape[0]!, new Int32Array(size(y.shape))]
    const [zeroX, zeroY] = [zeroOf(x), zeroOf(y)]
    const { mantissa, shift } = channelMultipliers(x, w, y, outputs)
    return ([, ws, xs, bs], [ys]) => {
      spread(window, channels, outputs, zeroX, xs!, ws!, sums)
      for (let i = 0; i < sums.length; i++) {
        const o = i % outputs
        const sum = bs ? (sums[i]! + bs[o]!) | 0 : sums[i]!
        ys![i] = Math.min(high, Math.max(low, rescale(sum, mantissa[o]!, shift[o]!) + zeroY))
      }
    }
  },
  examples: [
    {
      attrs: { strideH: 2, strideW: 2 },
      shapes: [[4], [4, 3, 3, 2], [1, 3, 3, 2], [4]],
      consts: { 0: [1, 6, 6, 4] },
    },
    {
      attrs: { padding: 'valid', strideH: 2, strideW: 1, fusedActivation: 'relu' },
      shapes: [[4], [3, 3, 2, 3], [2, 2, 4, 3], [3]],
      consts: { 0: [2, 5, 5, 3] },
    },
    {
      attrs: { strideH: 2, strideW: 3 },
      shapes: [[4], [2, 2, 2, 1], [1, 3, 2, 1]],
      consts: { 0: [1, 5, 6, 2] },
    },
  ],
})

type Strides = { readonly padding: Padding; readonly strideH: number; readonly strideW: number }

/** In double, which is exact for 16-bit activations too; `close` makes an element of the sum of an output channel. */
function transposed(attrs: Strides, [, w, x, b]: readonly Operand[], y: Operand, close: (sum: number, o: number) => number): Kernel {
  const window = windowOf(attrs, y.shape, [w!.shape[1]!, w!.shape[2]!], x!.shape)
  const [channels, outputs, sums, biases] = [x!.shape[3]!, w!.shape[0]!, new Float64Array(size(y.shape)), biasNumbers(b)]
  return ([, ws, xs, bs], [ys]) => {
    const offsets = biases(bs)
    spread(window, channels, outputs, 0, xs!, ws!, sums)
    for (let i = 0; i < sums.length; i++) ys![i] = close(sums[i]! + (offsets ? offsets[i % outputs]! : 0), i % outputs)
  }
}

/** The output must be an image of which a convolution of the same window makes one of the input's size. */
function checkFit({ padding, strideH, strideW }: Strides, out: readonly number[], w: Operand, x: Operand): void {
  const [batch, height, width, channels] = x.shape as readonly [number, number, number, number]
  if (x.shape.length !== 4 || w.shape.length !== 4 || out.length !== 4 || w.shape[3] !== channels)
    throw new Error(`an image [${x.shape}] and a filter [${w.shape}] make no image [${out}]`)
  if (!(strideH >= 1) || !(strideW >= 1)) throw new Error(`its strides are ${strideH} and ${strideW}, and must be at least 1`)
  const back = [outExtent(padding, out[1]!, w.shape[1]!, strideH), outExtent(padding, out[2]!, w.shape[2]!, strideW)]
  if (out[0] !== batch || out[3] !== w.shape[0] || back[0] !== height || back[1] !== width)
    throw new Error(`an image [${x.shape}] does not spread over [${out}] in strides of ${strideH} x ${strideW}`)
}

/** sums = the products of every pixel with every tap, where the tap falls; `window` is that of the convolution back. */
function spread(
  w: Window,
  channels: number,
  outputs: number,
  zero: number,
  xs: ArrayLike<number>,
  ws: ArrayLike<number>,
  sums: Int32Array | Float64Array,
): void {
  const row = w.kernelH * w.kernelW * channels
  sums.fill(0)
  eachPosition(w, (at, image, top, left) => {
    for (let ky = Math.max(0, -top); ky < Math.min(w.kernelH, w.inH - top); ky++)
      for (let kx = Math.max(0, -left); kx < Math.min(w.kernelW, w.inW - left); kx++) {
        const to = ((image * w.inH + top + ky) * w.inW + left + kx) * outputs
        for (let o = 0; o < outputs; o++) {
          let [sum, p, q] = [0, at * channels, o * row + (ky * w.kernelW + kx) * channels]
          for (let c = 0; c < channels; c++) sum += (xs[p++]! - zero) * ws[q++]!
          sums[to + o]! += sum
        }
      }
  })
}
