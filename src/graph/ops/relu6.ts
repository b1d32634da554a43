/** RELU6: clamps to [0, 6]. In int8 it clamps steps, so that input and output share one scale. */
import { activation, defineOp, same } from './define.ts'
import { limitsOf, quantised, secondForInt8, zeroOf } from './kit/scale.ts'
import { each, lookUp } from './kit/unary.ts'

export const relu6 = defineOp({
  name: 'relu6',
  tflite: { code: 21, options: 0, version: secondForInt8 },
  attrs: {},
  family: 'elementwise',
  roles: { in: [activation], out: [same()] },
  infer: (_, [x]) => [x.shape],
  macs: () => 0,
  facts: () => ({}),
  float: () => each((x) => Math.min(Math.max(x, 0), 6)),
  authority: { int16: 'tflm' },
  int8: (_, [x], [y]) => {
    const [zero, six] = [zeroOf(x), Math.min(limitsOf(x)[1], quantised(6, x))]
    return lookUp(y, (q) => (q > six ? six : Math.max(q, zero)))
  },
  examples: [{ shapes: [[1, 4, 4, 8]] }],
})
