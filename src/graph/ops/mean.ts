/** MEAN: the mean along constant axes. */
import { size } from '../ir/graph.ts'
import { rescale } from '../math/requantise.ts'
import { activation, bool, defineOp, index, type Operand } from './define.ts'
import { axisOf, constant, eachIndex, stridesOf } from './kit/gather.ts'
import { ratio, secondForInt8, zeroOf } from './kit/scale.ts'

export const mean = defineOp({
  name: 'mean',
  tflite: { code: 40, options: 27, version: secondForInt8 },
  attrs: { keepDims: bool(0) },
  family: 'reduce',
  roles: { in: [activation, index], out: [activation] },
  infer: ({ keepDims }, [x, axes]) => {
    const away = axesOf(x, axes)
    return [keepDims ? x.shape.map((extent, i) => (away.has(i) ? 1 : extent)) : x.shape.filter((_, i) => !away.has(i))]
  },
  macs: () => 0,
  facts: ({ keepDims }, [x, axes]) => {
    if (!axes.data) return { keepDims, axisConstant: false }
    const away = axesOf(x, axes)
    return {
      ...{ keepDims, axisConstant: true, reducesBatch: away.has(0), reducesChannels: away.has(x.shape.length - 1) },
      ...{ reducedElements: size([...away].map((i) => x.shape[i]!)), reducedAxisMax: Math.max(1, ...[...away].map((i) => x.shape[i]!)) },
      unitExtent: x.shape.slice(-3).includes(1),
    }
  },
  float: (_, [x, axes], [y]) => {
    const [into, count] = reduction(x, axes)
    const sums = new Float64Array(size(y.shape))
    return ([xs], [ys]) => {
      sums.fill(0)
      for (let i = 0; i < into.length; i++) sums[into[i]!]! += xs![i]!
      for (let i = 0; i < sums.length; i++) ys![i] = sums[i]! / count
    }
  },
  int8: (_, [x, axes], [y]) => {
    const [into, count] = reduction(x, axes)
    const sums = new Int32Array(size(y.shape))
    const [zeroX, zeroY] = [zeroOf(x), zeroOf(y)]
    const { mantissa, shift } = ratio(x, y)
    // The division by the count goes into the multiplier, as far up as it stays exact (TFLite's QuantizedMeanOrSum).
    const up = Math.min(31 - Math.clz32(count), 31 + shift)
    const divided = Number((BigInt(mantissa) << BigInt(up)) / BigInt(count))
    return ([xs], [ys]) => {
      sums.fill(-zeroX * count)
      for (let i = 0; i < into.length; i++) sums[into[i]!]! += xs![i]!
      for (let i = 0; i < sums.length; i++) ys![i] = Math.min(127, Math.max(-128, rescale(sums[i]!, divided, shift - up) + zeroY))
    }
  },
  examples: [
    { attrs: { keepDims: true }, shapes: [[1, 4, 4, 6], [2]], consts: { 1: [1, 2] } },
    { shapes: [[2, 3, 5, 4], [2]], consts: { 1: [1, 2] } },
    { shapes: [[3, 7], [1]], consts: { 1: [-1] } },
  ],
})

const axesOf = (x: Operand, axes: Operand): ReadonlySet<number> =>
  new Set(constant(axes, 'axes').map((axis) => axisOf(axis, x.shape.length)))

/** For each input element the output element that it adds to, and how many meet there. */
function reduction(x: Operand, axes: Operand): readonly [Int32Array, number] {
  const away = axesOf(x, axes)
  const kept = x.shape.map((extent, i) => (away.has(i) ? 1 : extent))
  const strides = stridesOf(kept)
  const into = new Int32Array(size(x.shape))
  eachIndex(x.shape, (at, i) => {
    into[i] = at.reduce((sum, n, axis) => sum + (away.has(axis) ? 0 : n * strides[axis]!), 0)
  })
  return [into, size(x.shape) / size(kept)]
}
