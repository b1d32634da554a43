/** ELU: x, or exp(x) - 1 below zero; in int8 a table. */
import { elu as curve } from '../activations/elu.ts'
import { activation, defineOp } from './define.ts'
import { each, lookUpReal } from './kit/unary.ts'

export const elu = defineOp({
  name: 'elu',
  tflite: { code: 111, options: 0, version: () => 1 },
  attrs: {},
  family: 'lut',
  roles: { in: [activation], out: [activation] },
  infer: (_, [x]) => [x.shape],
  macs: () => 0,
  facts: () => ({}),
  float: () => each((x) => curve.value(x)),
  int8: (_, [x], [y]) => lookUpReal(x, y, (v) => curve.value(v)),
  examples: [{ shapes: [[1, 4, 4, 3]] }],
})
