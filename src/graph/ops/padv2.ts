/** PADV2: widens each axis by a value of its own, which shares the input's scale. */
import { activation, defineOp, index, same } from './define.ts'
import { widen, widening } from './kit/widen.ts'

export const padv2 = defineOp({
  ...widening,
  name: 'padv2',
  tflite: {
    code: 60,
    options: 43,
    version: (_, [x]) => (x && x.shape.length > 4 ? 4 : x?.dtype === 'int16' ? 3 : x?.dtype === 'int8' ? 2 : 1),
  },
  roles: { in: [activation, index, same()], out: [same()] },
  float: (_, inputs, [y]) => widen(inputs, y, { input: 2 }),
  int8: (_, inputs, [y]) => widen(inputs, y, { input: 2 }),
  examples: [
    { shapes: [[1, 2, 3, 1], [4, 2], [1]], consts: { 1: [0, 0, 1, 1, 2, 0, 0, 0] } },
    { shapes: [[2, 5], [2, 2], [1]], consts: { 1: [1, 0, 0, 3] } },
  ],
})
