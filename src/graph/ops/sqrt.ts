/** SQRT: the square root; in int8 it is cut, not rounded, to a step. */
import { defineOp } from './define.ts'
import { lookUpRoot } from './kit/root.ts'
import { scaleOf, zeroOf } from './kit/scale.ts'
import { each, pointwise } from './kit/unary.ts'

export const sqrt = defineOp({
  ...pointwise,
  name: 'sqrt',
  tflite: { code: 75, options: 0, version: (_, [x]) => (x?.dtype === 'int8' || x?.dtype === 'int16' ? 2 : 1) },
  family: 'lut',
  authority: { int8: 'litert' },
  float: () => each(Math.sqrt),
  int8: (_, [x], [y]) =>
    lookUpRoot('SQRT', x, y, (value) => {
      const root = Math.fround(Math.sqrt(Math.fround(scaleOf(x) * value)))
      return Math.trunc(Math.fround(root / scaleOf(y))) + zeroOf(y)
    }),
})
