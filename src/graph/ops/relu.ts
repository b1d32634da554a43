/** RELU: what is below zero becomes zero. */
import { activation, defineOp } from './define.ts'

export const relu = defineOp({
  name: 'relu',
  tflite: { code: 19, options: 0, version: () => 2 },
  attrs: {},
  family: 'elementwise',
  roles: { in: [activation], out: [activation] },
  infer: (_, [x]) => [x.shape],
  macs: () => 0,
  facts: () => ({}),
  float: () => {
    return ([x], [y]) => {
      for (let i = 0; i < y.length; i++) y[i] = Math.max(x[i], 0)
    }
  },
  examples: [{ shapes: [[1, 4, 4, 8]] }],
})
