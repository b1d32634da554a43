/** TANH: the hyperbolic tangent, in steps of 1/128. */
import { tanhOf } from '../math/fixed-point.ts'
import { activation, defineOp, fixed } from './define.ts'
import { secondForInt8 } from './kit/scale.ts'
import { fixedCurve, tanh16 } from './kit/sigmoid.ts'
import { each } from './kit/unary.ts'

export const tanh = defineOp({
  name: 'tanh',
  tflite: { code: 28, options: 0, version: secondForInt8 },
  attrs: {},
  family: 'lut',
  roles: { in: [activation], out: [fixed(1 / 128, 0)] },
  infer: (_, [x]) => [x.shape],
  macs: () => 0,
  facts: () => ({}),
  float: () => each(Math.tanh),
  authority: { int16: 'tflm' },
  int8: (_, [x], [y]) => (x.dtype === 'int16' ? tanh16(x, y) : fixedCurve(x, y, tanhOf, 7, 0)),
  examples: [{ shapes: [[1, 4, 4, 8]] }],
})
