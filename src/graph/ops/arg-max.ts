/** ARG_MAX: the index of the largest element along a constant axis, the first of equals. */
import { size } from '../ir/graph.ts'
import { activation, defineOp, index, type Kernel, type Operand } from './define.ts'
import { axisOf, constant } from './kit/gather.ts'
import { tensorType } from './kit/tensor-type.ts'

export const argMax = defineOp({
  name: 'arg-max',
  tflite: { code: 56, options: 40, version: (_, [x]) => (x?.dtype === 'bool' ? 3 : x?.dtype === 'int8' ? 2 : 1) },
  attrs: { outputType: tensorType(0) },
  family: 'reduce',
  roles: { in: [activation, index], out: [index] },
  infer: (_, [x, axis]) => [x.shape.toSpliced(alongOf(x, axis), 1)],
  macs: () => 0,
  facts: (_, [x, axis]) =>
    axis.data
      ? { axisConstant: true, depthAxis: alongOf(x, axis) === x.shape.length - 1, reducedElements: x.shape[alongOf(x, axis)]! }
      : { axisConstant: false },
  float: (_, operands, [y]) => largest(operands, y),
  int8: (_, operands, [y]) => largest(operands, y),
  examples: [
    { attrs: { outputType: 'int32' }, shapes: [[2, 3, 10], [1]], consts: { 1: [-1] } },
    { attrs: { outputType: 'int32' }, shapes: [[1, 4, 3, 5], [1]], consts: { 1: [1] } },
  ],
})

const alongOf = (x: Operand, axis: Operand): number => axisOf(constant(axis, 'axis')[0]!, x.shape.length)

function largest([x, axis]: readonly Operand[], y: Operand): Kernel {
  const along = alongOf(x!, axis!)
  const [outer, extent, inner] = [size(x!.shape.slice(0, along)), x!.shape[along]!, size(x!.shape.slice(along + 1))]
  const wide = y.dtype === 'int64'
  return ([xs], [ys]) => {
    for (let o = 0, to = 0; o < outer; o++)
      for (let i = 0; i < inner; i++, to++) {
        const from = o * extent * inner + i
        let top = 0
        for (let k = 1; k < extent; k++) if (xs![from + k * inner]! > xs![from + top * inner]!) top = k
        if (wide) (ys as unknown as BigInt64Array)[to] = BigInt(top)
        else ys![to] = top
      }
  }
}
