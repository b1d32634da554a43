/** TRANSPOSE: reorders the axes by a constant permutation. */
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
  facts: (_, [, order]) => ({
    permutationConstant: order.data !== undefined,
    permutation: order.data ? constant(order, 'permutation').join(',') : '',
  }),
  float: (_, [x, order], [y]) => reorder(x, order, y),
  int8: (_, [x, order], [y]) => reorder(x, order, y),
  examples: [
    { shapes: [[1, 2, 3, 4], [4]], consts: { 1: [0, 3, 1, 2] } },
    { shapes: [[3, 5], [2]], consts: { 1: [1, 0] } },
  ],
})

function reorder(x: Operand, order: Operand, y: Operand): Kernel {
  const strides = stridesOf(x.shape)
  const steps = constant(order, 'permutation').map((axis) => strides[axisOf(axis, x.shape.length)]!)
  return gather(y.shape, (at) => at.reduce((sum, n, i) => sum + n * steps[i]!, 0))
}
