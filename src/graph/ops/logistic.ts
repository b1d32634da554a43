/** LOGISTIC: 1 / (1 + exp(-x)), in steps of 1/256. */
import { logisticOf } from '../math/fixed-point.ts'
import { activation, defineOp, fixed } from './define.ts'
import { secondForInt8 } from './kit/scale.ts'
import { fixedCurve, logistic16 } from './kit/sigmoid.ts'
import { each } from './kit/unary.ts'

export const logistic = defineOp({
  name: 'logistic',
  tflite: { code: 14, options: 0, version: secondForInt8 },
  attrs: {},
  family: 'lut',
  roles: { in: [activation], out: [fixed(1 / 256, -128)] },
  infer: (_, [x]) => [x.shape],
  macs: () => 0,
  facts: () => ({}),
  float: () => each((x) => 1 / (1 + Math.exp(-x))),
  authority: { int16: 'tflm' },
  int8: (_, [x], [y]) => (x.dtype === 'int16' ? logistic16(x, y) : fixedCurve(x, y, logisticOf, 8, -128)),
  examples: [{ shapes: [[1, 4, 4, 8]] }],
})
