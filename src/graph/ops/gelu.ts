/** GELU: x times the normal distribution function, or its tanh form; in int8 a table. */
import { gelu as exact } from '../activations/gelu.ts'
import { activation, bool, defineOp } from './define.ts'
import { each, lookUpReal } from './kit/unary.ts'

const approximate = (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))

export const gelu = defineOp({
  name: 'gelu',
  tflite: { code: 150, options: 116, version: (_, [x]) => (x?.dtype === 'int8' ? 2 : 1) },
  authority: { int8: 'litert' },
  attrs: { approximate: bool(0) },
  family: 'lut',
  roles: { in: [activation], out: [activation] },
  infer: (_, [x]) => [x.shape],
  macs: () => 0,
  facts: (attrs) => ({ approximate: attrs.approximate }),
  float: (attrs) => each(attrs.approximate ? approximate : (x) => exact.value(x)),
  int8: (attrs, [x], [y]) => lookUpReal(x, y, attrs.approximate ? approximate : (v) => exact.value(v)),
  examples: [{ shapes: [[1, 4, 4, 3]] }, { attrs: { approximate: true }, shapes: [[2, 7]] }],
})
