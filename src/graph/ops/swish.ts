/** Swish as an imported network has it, x logistic(beta x). No file holds it. */
import { swish as curve } from '../activations/swish.ts'
import { activation, defineOp, float } from './define.ts'
import { each } from './kit/unary.ts'

export const swish = defineOp({
  name: 'swish',
  goneBy: 'folded',
  attrs: { beta: float(0, 1) },
  family: 'lut',
  roles: { in: [activation], out: [activation] },
  infer: (_, [x]) => [x.shape],
  macs: () => 0,
  facts: ({ beta }) => ({ beta }),
  float: ({ beta }) => each((x) => curve.value(x, beta)),
  examples: [{ shapes: [[1, 4, 4, 3]] }],
})
