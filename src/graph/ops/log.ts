/** LOG: the natural logarithm; in int8 a table, in which what has no logarithm gets the least step. */
import { defineOp } from './define.ts'
import { limitsOf, scaleOf, zeroOf } from './kit/scale.ts'
import { tabulated } from './kit/table16.ts'
import { each, lookUpReal, pointwise } from './kit/unary.ts'

export const log = defineOp({
  ...pointwise,
  name: 'log',
  tflite: { code: 73, options: 0, version: (_, [x]) => (x?.dtype === 'int8' || x?.dtype === 'int16' ? 2 : 1) },
  family: 'lut',
  authority: { int8: 'litert', int16: 'litert' },
  facts: (_, [x], [y]) => ({ sameDtype: x.dtype === y.dtype }),
  float: () => each(Math.log),
  int8: (_, [x], [y]) => {
    const least = (limitsOf(y)[0] - zeroOf(y)) * scaleOf(y)
    const curve = (v: number) => (v <= 0 ? least : Math.log(v))
    return x.dtype === 'int16' ? tabulated(x, y, curve) : lookUpReal(x, y, curve)
  },
})
