/** TRANSPOSE: reorders the axes by a constant permutation. */
import type { Shape } from '../ir/graph.ts'
import { activation, defineOp, index, type Kernel, type Operand, same } from './define.ts'
import { axisOf, constant, gather, stridesOf } from './kit/gather.ts'

export const transpose = defineOp({
  name: 'transpose',
  tflite: {
    code: 39,
    options: 26,
    version: (_, [x]) => {
      const rank = x?.shape.length ?? 0
      return rank > 5 ? 6 : x?.dtype === 'int16' ? 5 : rank > 4 ? 4 : x?.dtype === 'bool' ? 3 : x?.dtype === 'int8' ? 2 : 1
    },
  },
  attrs: {},
  family: 'move',
  roles: { in: [activation, index], out: [same()] },
  infer: (_, [x, order]) => {
    const axes = constant(order, 'permutation').map((axis) => axisOf(axis, x.shape.length))
    if (new Set(axes).size !== x.shape.length || axes.length !== x.shape.length)
      throw new Error(`[${axes}] is no permutation of the axes of [${x.shape}]`)
    return [axes.map((axis) => x.shape[axis]!)]
  },
  macs: () => 0,
  facts: (_, [x, order]) => ({
    permutationConstant: order.data !== undefined,
    permutation: order.data ? constant(order, 'permutation').join(',') : '',
    ...(order.data && { swaps: swapsOf(x.shape, constant(order, 'permutation')) }),
  }),
  float: (_, [x, order], [y]) => reorder(x, order, y),
  int8: (_, [x, order], [y]) => reorder(x, order, y),
  examples: [
    { shapes: [[1, 2, 3, 4], [4]], consts: { 1: [0, 3, 1, 2] } },
    { shapes: [[3, 5], [2]], consts: { 1: [1, 0] } },
  ],
})

/** The two axes, counted from the end, that change places once axes of one element are left out; 'none', or 'many' where more move. */
function swapsOf(shape: Shape, order: readonly number[]): string {
  const axes = order.map((axis) => axisOf(axis, shape.length)).filter((axis) => shape[axis] !== 1)
  const sorted = [...axes].sort((a, b) => a - b)
  const moved = axes.flatMap((axis, i) => (axis === sorted[i] ? [] : [sorted[i]! - shape.length]))
  return moved.length === 0 ? 'none' : moved.length === 2 ? moved.join(',') : 'many'
}

function reorder(x: Operand, order: Operand, y: Operand): Kernel {
  const strides = stridesOf(x.shape)
  const steps = constant(order, 'permutation').map((axis) => strides[axisOf(axis, x.shape.length)]!)
  return gather(y.shape, (at) => at.reduce((sum, n, i) => sum + n * steps[i]!, 0))
}
