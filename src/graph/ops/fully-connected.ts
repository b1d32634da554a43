/** FULLY_CONNECTED: rows of inputs times weights [O, I]. The one operator that the two references round differently. */
import { size } from '../ir/graph.ts'
import { multipliers, rescale, rescaleFloat, rescaleOnce, rescaleWide } from '../math/requantise.ts'
import { activation, bias, bool, defineOp, fused, type Kernel, type Operand, oneOf, weight } from './define.ts'
import { integerProducts, realProducts } from './kit/accumulate.ts'
import { realRange, stepRange } from './kit/fused.ts'
import { channelMultipliers, scaleOf, zeroOf } from './kit/scale.ts'
import { checkBias, weightFacts } from './kit/weights.ts'
import { biasNumbers, wideStep } from './kit/wide.ts'

export const fullyConnected = defineOp({
  name: 'fully-connected',
  tflite: {
    code: 9,
    options: 8,
    version: ({ keepNumDims, weightsFormat }, [x, , b]) =>
      x?.dtype === 'int16' ? 7 : !b ? 6 : keepNumDims ? 5 : x?.dtype === 'int8' ? 4 : weightsFormat === 'default' ? 1 : 2,
  },
  attrs: {
    ...{ fusedActivation: fused(0), weightsFormat: oneOf(1, 'default', 'shuffled-4x16-int8') },
    ...{ keepNumDims: bool(2), asymmetricQuantizeInputs: bool(3) },
  },
  family: 'dense',
  // The 8-bit specification asks for weights per tensor here; targets that take them per channel use axis 0.
  roles: { in: [activation, weight(-1), bias], out: [activation], required: 2 },
  infer: ({ keepNumDims, weightsFormat }, [x, w, b]) => {
    if (weightsFormat !== 'default') throw new Error(`weights in the format ${weightsFormat} are not supported`)
    const [outputs, depth] = [w.shape[0]!, size(w.shape.slice(1))]
    if (w.shape.length < 2 || size(x.shape) % depth !== 0)
      throw new Error(`its weights [${w.shape}] read ${depth} values, its input [${x.shape}] holds ${size(x.shape)}`)
    checkBias(b, outputs)
    if (keepNumDims && x.shape.at(-1) !== depth)
      throw new Error(`its weights read ${depth} values, its input's last axis has ${x.shape.at(-1)}`)
    return [keepNumDims ? [...x.shape.slice(0, -1), outputs] : [size(x.shape) / depth, outputs]]
  },
  macs: (_, [, w], [y]) => (size(w.shape) / w.shape[0]!) * size(y.shape),
  facts: ({ fusedActivation, keepNumDims, weightsFormat }, [x, w, b]) => ({
    ...{ fusedActivation, keepNumDims, weightsFormat, rows: size(x.shape) / size(w.shape.slice(1)) },
    ...{ inputChannels: size(w.shape.slice(1)), outputChannels: w.shape[0]!, weightsRank: w.shape.length },
    ...weightFacts(w, b, 0),
  }),
  float: ({ fusedActivation }, operands) => {
    const [low, high] = realRange(fusedActivation)
    return rowByRow(operands, (sum) => Math.min(high, Math.max(low, sum)))
  },
  authority: { int16: 'tflm' },
  int8: ({ fusedActivation }, operands, [y], rounding) => {
    const [x, w] = operands
    const [low, high] = stepRange(fusedActivation, y)
    if (x.dtype === 'int16')
      return rowByRow(
        operands,
        wideStep(outputMultipliers(x, w, y, w.shape[0]!), [low, high], rounding === 'tflm' ? rescaleWide : rescaleOnce),
      )
    const [outputs, depth] = [w.shape[0]!, size(w.shape.slice(1))]
    const [zeroX, zeroW, zeroY] = [zeroOf(x), zeroOf(w), zeroOf(y)]
    const { mantissa, shift } = outputMultipliers(x, w, y, outputs)
    const scaled = { tflm: rescale, litert: rescaleOnce, xnnpack: rescaleFloat }[rounding]
    const [rows, sums, row] = [size(x.shape) / depth, new Int32Array(outputs), new Int16Array(depth)]
    return ([xs, ws, bs], [ys]) => {
      for (let r = 0; r < rows; r++) {
        if (bs) sums.set(bs as Int32Array)
        else sums.fill(0)
        let total = 0
        for (let k = 0; k < depth; k++) total += row[k] = xs![r * depth + k]! - zeroX
        integerProducts(row, ws!, depth, sums)
        for (let o = 0; o < outputs; o++)
          ys![r * outputs + o] = Math.min(high, Math.max(low, scaled((sums[o]! - total * zeroW) | 0, mantissa[o]!, shift[o]!) + zeroY))
      }
    }
  },
  examples: [
    { shapes: [[1, 12], [5, 12], [5]] },
    { attrs: { fusedActivation: 'relu' }, shapes: [[3, 7], [4, 7], [4]] },
    { attrs: { keepNumDims: true }, shapes: [[2, 3, 6], [5, 6], [5]] },
    {
      shapes: [
        [2, 8],
        [3, 8],
      ],
    },
  ],
})

/** One multiplier per tensor comes from the float32 product of the scales (TFLite's GetQuantizedConvolutionMultipler), many from doubles. */
export function outputMultipliers(x: Operand, w: Operand, y: Operand, outputs: number) {
  if (w.quant!.scale.length > 1) return channelMultipliers(x, w, y, outputs)
  return multipliers(new Array<number>(outputs).fill(Math.fround(scaleOf(x) * scaleOf(w)) / scaleOf(y)))
}

/** In double, which is exact for 16-bit activations too; `close` makes an element of the sum of an output channel. */
function rowByRow([x, w, b]: readonly Operand[], close: (sum: number, o: number) => number): Kernel {
  const [outputs, depth] = [w!.shape[0]!, size(w!.shape.slice(1))]
  const [rows, sums, biases] = [size(x!.shape) / depth, new Float64Array(outputs), biasNumbers(b)]
  const row = new Float32Array(depth)
  return ([xs, ws, bs], [ys]) => {
    const offsets = biases(bs)
    for (let r = 0; r < rows; r++) {
      if (offsets) sums.set(offsets)
      else sums.fill(0)
      row.set(xs!.subarray(r * depth, (r + 1) * depth))
      realProducts(row, ws!, depth, sums)
      for (let o = 0; o < outputs; o++) ys![r * outputs + o] = close(sums[o]!, o)
    }
  }
}
