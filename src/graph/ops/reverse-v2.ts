/** REVERSE_V2: turns a tensor round along constant axes. */
import { activation, defineOp, index, type Kernel, type Operand, same } from './define.ts'
import { axisOf, constant, gather, stridesOf } from './kit/gather.ts'

export const reverseV2 = defineOp({
  name: 'reverse-v2',
  tflite: { code: 105, options: 81, version: (_, [x]) => (x?.dtype === 'int8' ? 3 : x?.dtype === 'bool' ? 2 : 1) },
  attrs: {},
  family: 'move',
  roles: { in: [activation, index], out: [same()] },
  infer: (_, [x, axes]) => {
    axesOf(x, axes)
    return [x.shape]
  },
  macs: () => 0,
  facts: (_, [x, axes]) => (axes.data ? { parametersConstant: true, axes: axesOf(x, axes).join(',') } : { parametersConstant: false }),
  float: (_, [x, axes]) => turn(x, axes),
  int8: (_, [x, axes]) => turn(x, axes),
  examples: [
    { shapes: [[2, 3, 4], [1]], consts: { 1: [1] } },
    { shapes: [[1, 3, 2, 5], [1]], consts: { 1: [-1] } },
  ],
})

const axesOf = (x: Operand, axes: Operand): number[] => constant(axes, 'axes').map((axis) => axisOf(axis, x.shape.length))

function turn(x: Operand, axes: Operand): Kernel {
  const [turned, strides] = [new Set(axesOf(x, axes)), stridesOf(x.shape)]
  return gather(x.shape, (at) => at.reduce((sum, n, i) => sum + (turned.has(i) ? x.shape[i]! - 1 - n : n) * strides[i]!, 0))
}
