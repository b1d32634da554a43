/** What operators share that fold an input along constant axes: options, output shape, facts, and which elements meet. */
import { type Shape, size } from '../../ir/graph.ts'
import { bool, type Kernel, type Operand } from '../define.ts'
import { axisOf, constant, eachIndex, stridesOf } from './gather.ts'

type ReductionAttrs = { readonly keepDims: boolean }

/** Everything in common but the roles, the name and the kernels. */
export const reducing = {
  attrs: { keepDims: bool(0) },
  family: 'reduce',
  infer: ({ keepDims }: ReductionAttrs, [x, axes]: readonly Operand[]): Shape[] => {
    const away = axesOf(x!, axes!)
    return [keepDims ? x!.shape.map((extent, i) => (away.has(i) ? 1 : extent)) : x!.shape.filter((_, i) => !away.has(i))]
  },
  macs: () => 0,
  facts: ({ keepDims }: ReductionAttrs, [x, axes]: readonly Operand[]) => {
    const { shape } = x!
    if (!axes!.data) return { keepDims, axisConstant: false }
    const away = axesOf(x!, axes!)
    return {
      ...{ keepDims, axisConstant: true, reducesBatch: away.has(0), reducesChannels: away.has(shape.length - 1) },
      ...{ reducedElements: size([...away].map((i) => shape[i]!)), reducedAxisMax: Math.max(1, ...[...away].map((i) => shape[i]!)) },
      /** Counted from the end: -3 is the rows of an image. */
      reducedAxes: [...away]
        .map((axis) => axis - shape.length)
        .sort((a, b) => a - b)
        .join(','),
      unitExtent: shape.slice(-3).includes(1),
    }
  },
  examples: [
    { attrs: { keepDims: true }, shapes: [[1, 4, 4, 6], [2]], consts: { 1: [1, 2] } },
    { shapes: [[2, 3, 5, 4], [2]], consts: { 1: [1, 2] } },
    { shapes: [[3, 7], [1]], consts: { 1: [-1] } },
  ],
} as const

const axesOf = (x: Operand, axes: Operand): ReadonlySet<number> =>
  new Set(constant(axes, 'axes').map((axis) => axisOf(axis, x.shape.length)))

/** How many elements of the input meet in one of the output. */
export const meeting = (x: Operand, y: Operand): number => size(x.shape) / size(y.shape)

/** For each input element the output element that it goes into. */
function meetings(x: Operand, axes: Operand): Int32Array {
  const away = axesOf(x, axes)
  const kept = x.shape.map((extent, i) => (away.has(i) ? 1 : extent))
  const strides = stridesOf(kept)
  const into = new Int32Array(size(x.shape))
  eachIndex(x.shape, (at, i) => {
    into[i] = at.reduce((sum, n, axis) => sum + (away.has(axis) ? 0 : n * strides[axis]!), 0)
  })
  return into
}

/** Folds the elements that meet, from `start`; `close` takes what they come to. */
export function fold(
  [x, axes]: readonly Operand[],
  [y]: readonly Operand[],
  start: number,
  meet: (sum: number, value: number) => number,
  close: (sum: number) => number,
): Kernel {
  const into = meetings(x!, axes!)
  const sums = new Float64Array(size(y!.shape))
  return ([xs], [ys]) => {
    sums.fill(start)
    for (let i = 0; i < into.length; i++) sums[into[i]!] = meet(sums[into[i]!]!, xs![i]!)
    for (let i = 0; i < sums.length; i++) ys![i] = close(sums[i]!)
  }
}
