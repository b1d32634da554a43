/** An operator that Peapod lacks, as a newcomer would write it: one file like this in src/graph/ops, and one line in its index.ts. */
import { multiplier, rescale } from '../../src/graph/math/requantise.ts'
import { activation, defineOp } from '../../src/graph/ops/define.ts'
import { scaleOf, secondForInt8, zeroOf } from '../../src/graph/ops/kit/scale.ts'
import { each, lookUp } from '../../src/graph/ops/kit/unary.ts'

export const abs = defineOp({
  name: 'abs',
  tflite: { code: 101, options: 78, version: secondForInt8 },
  attrs: {},
  family: 'elementwise',
  roles: { in: [activation], out: [activation] },
  infer: (_, [x]) => [x.shape],
  macs: () => 0,
  facts: () => ({}),
  float: () => each(Math.abs),
  int8: (_, [x], [y]) => {
    const { mantissa, shift } = multiplier(scaleOf(x) / scaleOf(y))
    return lookUp(y, (q) => rescale(Math.abs(q - zeroOf(x)), mantissa, shift) + zeroOf(y))
  },
  examples: [{ shapes: [[1, 4, 4, 3]] }],
})
