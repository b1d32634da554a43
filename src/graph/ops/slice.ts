/** SLICE: a block of a tensor, by its constant first corner and extents; the extent -1 reaches to the end. */
import { activation, defineOp, index, type Kernel, type Operand, same } from './define.ts'
import { constant, gather, stridesOf } from './kit/gather.ts'

export const slice = defineOp({
  name: 'slice',
  tflite: {
    code: 65,
    options: 48,
    version: (_, [x]) => ((x?.shape.length ?? 0) > 4 ? 5 : x?.dtype === 'int16' ? 4 : x?.dtype === 'int8' ? 2 : 1),
  },
  attrs: {},
  family: 'move',
  roles: { in: [activation, index, index], out: [same()] },
  infer: (_, operands) => [blockOf(operands).extents],
  macs: () => 0,
  facts: (_, [, begin, extents]) => ({ parametersConstant: !!begin.data && !!extents.data }),
  float: (_, operands, [y]) => block(operands, y),
  int8: (_, operands, [y]) => block(operands, y),
  examples: [
    { shapes: [[2, 4, 5, 3], [4], [4]], consts: { 1: [1, 0, 2, 1], 2: [1, 4, -1, 2] } },
    { shapes: [[4, 6], [2], [2]], consts: { 1: [2, 0], 2: [-1, 3] } },
  ],
})

function blockOf([x, begin, sizes]: readonly Operand[]): { begin: number[]; extents: number[] } {
  const [first, stated] = [constant(begin, 'begin'), constant(sizes, 'size')]
  const extents = x!.shape.map((n, axis) => (stated[axis] === -1 ? n - first[axis]! : stated[axis]!))
  const fits = x!.shape.every((n, axis) => first[axis]! >= 0 && extents[axis]! >= 0 && first[axis]! + extents[axis]! <= n)
  if (first.length !== x!.shape.length || stated.length !== first.length || !fits)
    throw new Error(`[${x!.shape}] has no block of [${stated}] at [${first}]`)
  return { begin: first, extents }
}

function block(operands: readonly Operand[], y: Operand): Kernel {
  const [{ begin }, strides] = [blockOf(operands), stridesOf(operands[0]!.shape)]
  return gather(y.shape, (at) => at.reduce((sum, n, axis) => sum + (begin[axis]! + n) * strides[axis]!, 0))
}
