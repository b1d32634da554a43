/** Mish as an imported network has it, x tanh(ln(1 + exp x)). No file holds it. */
import { mish as curve } from '../activations/mish.ts'
import { activation, defineOp } from './define.ts'
import { each } from './kit/unary.ts'

export const mish = defineOp({
  name: 'mish',
  goneBy: 'folded',
  attrs: {},
  family: 'lut',
  roles: { in: [activation], out: [activation] },
  infer: (_, [x]) => [x.shape],
  macs: () => 0,
  facts: () => ({}),
  float: () => each((x) => curve.value(x)),
  examples: [{ shapes: [[1, 4, 4, 3]] }],
})
