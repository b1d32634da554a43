/** EXPAND_DIMS: adds an axis of one element at a constant place. */
import { activation, defineOp, index, same } from './define.ts'
import { axisOf, constant, copy } from './kit/gather.ts'

export const expandDims = defineOp({
  name: 'expand-dims',
  tflite: { code: 70, options: 52, version: () => 1 },
  attrs: {},
  family: 'free',
  roles: { in: [activation, index], out: [same()] },
  infer: (_, [x, axis]) => [x.shape.toSpliced(axisOf(constant(axis, 'axis')[0]!, x.shape.length + 1), 0, 1)],
  macs: () => 0,
  facts: () => ({}),
  float: () => copy,
  int8: () => copy,
  examples: [
    { shapes: [[3, 4], [1]], consts: { 1: [0] } },
    { shapes: [[3, 4], [1]], consts: { 1: [-1] } },
  ],
})
