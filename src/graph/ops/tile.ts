/** TILE: repeats a tensor a constant number of times along each axis. */
import { activation, defineOp, index, type Kernel, type Operand, same } from './define.ts'
import { constant, gather, stridesOf } from './kit/gather.ts'

export const tile = defineOp({
  name: 'tile',
  tflite: { code: 69, options: 51, version: (_, [x]) => (x?.dtype === 'int8' ? 3 : 1) },
  attrs: {},
  family: 'move',
  roles: { in: [activation, index], out: [same()] },
  authority: { int8: 'litert' },
  infer: (_, [x, multiples]) => {
    const times = constant(multiples, 'multiples')
    if (times.length !== x.shape.length || times.some((n) => n < 0)) throw new Error(`[${x.shape}] does not repeat [${times}] times`)
    return [x.shape.map((extent, axis) => extent * times[axis]!)]
  },
  macs: () => 0,
  facts: (_, [, multiples]) => ({ parametersConstant: multiples.data !== undefined }),
  float: (_, [x], [y]) => repeat(x, y),
  int8: (_, [x], [y]) => repeat(x, y),
  examples: [
    { shapes: [[2, 3], [2]], consts: { 1: [2, 3] } },
    { shapes: [[1, 2, 3, 2], [4]], consts: { 1: [3, 1, 2, 1] } },
  ],
})

function repeat(x: Operand, y: Operand): Kernel {
  const strides = stridesOf(x.shape)
  return gather(y.shape, (at) => at.reduce((sum, n, axis) => sum + (n % x.shape[axis]!) * strides[axis]!, 0))
}
