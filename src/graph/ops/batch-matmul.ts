/** BATCH_MATMUL: a matrix times a matrix for each index of the leading axes, which broadcast. */
import { size } from '../ir/graph.ts'
import { multiplier, rescale, rescaleWide } from '../math/requantise.ts'
import { activation, bool, defineOp, type Operand } from './define.ts'
import { broadcast, pairFacts, reads } from './kit/binary.ts'
import { limitsOf, scaleOf, zeroOf } from './kit/scale.ts'

export const batchMatmul = defineOp({
  name: 'batch-matmul',
  tflite: { code: 126, options: 101, version: (_, [x]) => (x?.dtype === 'int16' ? 3 : x?.dtype === 'int8' ? 2 : 1) },
  attrs: { adjX: bool(0), adjY: bool(1), asymmetricQuantizeInputs: bool(2) },
  family: 'dense',
  roles: { in: [activation, activation], out: [activation] },
  infer: (attrs, [a, b]) => {
    if (a.shape.length < 2 || b.shape.length < 2) throw new Error(`[${a.shape}] times [${b.shape}] is no product of matrices`)
    const { rows, columns, depth, other } = productOf(attrs, a, b)
    if (depth !== other) throw new Error(`its rows hold ${depth} values, its columns ${other}`)
    return [[...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns]]
  },
  macs: (attrs, [a, b], [y]) => size(y.shape) * productOf(attrs, a, b).depth,
  facts: (attrs, inputs) => ({
    ...pairFacts(inputs),
    ...{ adjX: attrs.adjX, adjY: attrs.adjY, reducedElements: productOf(attrs, inputs[0], inputs[1]).depth },
  }),
  float: (attrs, inputs, [y]) => multiply(attrs, inputs, y, 0, 0, (sum) => sum),
  authority: { int16: 'tflm' },
  int8: (attrs, inputs, [y]) => {
    const [a, b] = inputs
    // The multiplier comes from the float32 product of the scales, as in FULLY_CONNECTED.
    const { mantissa, shift } = multiplier(Math.fround(scaleOf(a!) * scaleOf(b!)) / scaleOf(y))
    const [[low, high], zero] = [limitsOf(y), zeroOf(y)]
    const scaled =
      y.dtype === 'int16' ? (sum: number) => rescaleWide(sum, mantissa, shift) : (sum: number) => rescale(sum | 0, mantissa, shift)
    const close = (sum: number) => Math.min(high, Math.max(low, scaled(sum) + zero))
    return multiply(attrs, inputs, y, zeroOf(a!), zeroOf(b!), close)
  },
  examples: [
    {
      shapes: [
        [1, 3, 5],
        [1, 5, 4],
      ],
    },
    {
      attrs: { adjY: true },
      shapes: [
        [2, 1, 3, 6],
        [2, 4, 6],
      ],
    },
    {
      attrs: { adjX: true },
      shapes: [
        [2, 5, 3],
        [2, 5, 2],
      ],
    },
  ],
})

type Adjoint = { readonly adjX: boolean; readonly adjY: boolean }

function productOf({ adjX, adjY }: Adjoint, a: Operand, b: Operand) {
  const [rows, depth] = (adjX ? a.shape.slice(-2).reverse() : a.shape.slice(-2)) as [number, number]
  const [other, columns] = (adjY ? b.shape.slice(-2).reverse() : b.shape.slice(-2)) as [number, number]
  return { rows, columns, depth, other }
}

function multiply(attrs: Adjoint, [a, b]: readonly Operand[], y: Operand, zeroA: number, zeroB: number, close: (sum: number) => number) {
  const { rows, columns, depth } = productOf(attrs, a!, b!)
  const batches = y.shape.slice(0, -2)
  const [ofA, ofB] = [reads(a!.shape.slice(0, -2), batches), reads(b!.shape.slice(0, -2), batches)]
  const [rowA, stepA] = attrs.adjX ? [1, rows] : [depth, 1]
  const [columnB, stepB] = attrs.adjY ? [depth, 1] : [1, columns]
  return ([as, bs]: readonly ArrayLike<number>[], [ys]: readonly { [i: number]: number }[]) => {
    let to = 0
    for (let n = 0; n < size(batches); n++) {
      const [baseA, baseB] = [(ofA ? ofA[n]! : n) * rows * depth, (ofB ? ofB[n]! : n) * depth * columns]
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < columns; c++) {
          let sum = 0
          let [p, q] = [baseA + r * rowA, baseB + c * columnB]
          for (let k = 0; k < depth; k++, p += stepA, q += stepB) sum += (as![p]! - zeroA) * (bs![q]! - zeroB)
          ys![to++] = close(sum)
        }
    }
  }
}
