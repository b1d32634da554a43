/** An operator that Peapod lacks, as a newcomer would write it: one file like this in src/graph/ops, and one line in its index.ts. */
import { multiplier, rescale } from '../../src/graph/math/requantise.ts'
import { activation, defineOp } from '../../src/graph/ops/define.ts'
import { scaleOf, zeroOf } from '../../src/graph/ops/kit/scale.ts'
import { each, lookUp } from '../../src/graph/ops/kit/unary.ts'

export const square = defineOp({
  name: 'square',
  tflite: { code: 92, options: 66, version: () => 1 },
  attrs: {},
  family: 'elementwise',
  roles: { in: [activation], out: [activation] },
  infer: (_, [x]) => [x.shape],
  macs: () => 0,
  facts: () => ({}),
  float: () => each((x) => x * x),
  int8: (_, [x], [y]) => {
    const { mantissa, shift } = multiplier(scaleOf(x) ** 2 / scaleOf(y))
    return lookUp(y, (q) => rescale((q - zeroOf(x)) ** 2, mantissa, shift) + zeroOf(y))
  },
  examples: [{ shapes: [[1, 4, 4, 3]] }],
})
