/** EXP: e to the x; in int8 a table. */
import { defineOp } from './define.ts'
import { tabulated } from './kit/table16.ts'
import { each, lookUpReal, pointwise } from './kit/unary.ts'

export const exp = defineOp({
  ...pointwise,
  name: 'exp',
  tflite: { code: 47, options: 33, version: (_, [x]) => (x?.dtype === 'int8' || x?.dtype === 'int16' ? 2 : 1) },
  family: 'lut',
  authority: { int8: 'litert', int16: 'litert' },
  float: () => each(Math.exp),
  int8: (_, [x], [y]) => (x.dtype === 'int16' ? tabulated(x, y, Math.exp) : lookUpReal(x, y, Math.exp)),
})
