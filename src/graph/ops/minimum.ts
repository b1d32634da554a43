/** MINIMUM: the smaller of two elements; all three tensors share one scale, so steps compare as they are. */
import { activation, defineOp, same } from './define.ts'
import { broadcast, eachPair, pairFacts } from './kit/binary.ts'

export const minimum = defineOp({
  name: 'minimum',
  tflite: {
    code: 57,
    options: 39,
    version: (_, [a, b]) =>
      a && b && `${a.shape}` !== `${b.shape}` && Math.max(a.shape.length, b.shape.length) > 4 ? 3 : a?.dtype === 'int8' ? 2 : 1,
  },
  attrs: {},
  family: 'elementwise',
  roles: { in: [activation, same()], out: [same()] },
  infer: (_, [a, b]) => [broadcast(a.shape, b.shape)],
  macs: () => 0,
  facts: (_, inputs) => pairFacts(inputs),
  float: (_, inputs, outputs) => eachPair(inputs, outputs, Math.min),
  authority: { int16: 'tflm' },
  int8: (_, inputs, outputs) => eachPair(inputs, outputs, Math.min),
  examples: [
    {
      shapes: [
        [1, 3, 3, 4],
        [1, 3, 3, 4],
      ],
    },
    { shapes: [[2, 3, 4], [4]] },
  ],
})
