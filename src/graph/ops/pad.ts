/** PAD: widens each axis; in int8 a zero is the zero point. */
import { activation, defineOp, index, same } from './define.ts'
import { zeroOf } from './kit/scale.ts'
import { widen, widening } from './kit/widen.ts'

export const pad = defineOp({
  ...widening,
  name: 'pad',
  tflite: {
    code: 34,
    options: 22,
    version: (_, [x]) => (x && x.shape.length > 4 ? 4 : x?.dtype === 'int16' ? 3 : x?.dtype === 'int8' ? 2 : 1),
  },
  roles: { in: [activation, index], out: [same()] },
  float: (_, inputs, [y]) => widen(inputs, y, 0),
  int8: (_, inputs, [y]) => widen(inputs, y, zeroOf(inputs[0])),
  examples: [
    {
      shapes: [
        [1, 2, 3, 1],
        [4, 2],
      ],
      consts: { 1: [0, 0, 1, 1, 2, 0, 0, 0] },
    },
    {
      shapes: [
        [2, 5],
        [2, 2],
      ],
      consts: { 1: [1, 0, 0, 3] },
    },
    {
      shapes: [
        [2, 3, 3, 4],
        [4, 2],
      ],
      consts: { 1: [0, 0, 0, 1, 0, 1, 0, 0] },
    },
  ],
})
