/** NEG: the negative. No runtime has an integer kernel of it that minds scales and zero points. */
import { defineOp } from './define.ts'
import { each, pointwise } from './kit/unary.ts'

export const neg = defineOp({
  ...pointwise,
  name: 'neg',
  tflite: { code: 59, options: 42, version: () => 1 },
  family: 'elementwise',
  float: () => each((x) => -x),
})
