/** RESHAPE: the same elements in a new shape, from a constant second input or, without one, from the attribute. */
import { size } from '../ir/graph.ts'
import { activation, defineOp, index, ints, same } from './define.ts'
import { constant, copy } from './kit/gather.ts'

export const reshape = defineOp({
  name: 'reshape',
  tflite: { code: 22, options: 17, version: () => 1 },
  attrs: { newShape: ints(0) },
  family: 'free',
  roles: { in: [activation, index], out: [same()], required: 1 },
  infer: ({ newShape }, [x, shape]) => {
    const wanted = shape ? constant(shape, 'new shape') : [...newShape]
    const elements = size(x.shape)
    const known = wanted.reduce((product, extent) => (extent === -1 ? product : product * extent), 1)
    const free = wanted.filter((extent) => extent === -1).length
    if (free > 1 || (free === 1 ? elements % known !== 0 : known !== elements))
      throw new Error(`${elements} elements of [${x.shape}] do not fit the shape [${wanted}]`)
    return [wanted.map((extent) => (extent === -1 ? elements / known : extent))]
  },
  macs: () => 0,
  facts: (_, [, shape]) => ({ shapeConstant: !shape || shape.data !== undefined }),
  float: () => copy,
  int8: () => copy,
  examples: [
    { shapes: [[1, 2, 3, 4], [2]], consts: { 1: [1, 24] } },
    { attrs: { newShape: [2, -1] }, shapes: [[2, 3, 3]] },
  ],
})
