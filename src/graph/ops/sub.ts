/** SUB: the difference of two tensors; in int8 both sides are lifted by 2^20 to one scale before they meet. */
import { activation, bool, defineOp, fused } from './define.ts'
import { broadcast, pairFacts, realPair } from './kit/binary.ts'
import { liftedPair } from './kit/lifted.ts'

export const sub = defineOp({
  name: 'sub',
  tflite: {
    code: 41,
    options: 28,
    version: (_, [a, b]) =>
      a && b && `${a.shape}` !== `${b.shape}` && Math.max(a.shape.length, b.shape.length) > 4 ? 3 : a?.dtype === 'int8' ? 2 : 1,
  },
  attrs: { fusedActivation: fused(0), potScaleInt16: bool(1, true) },
  family: 'elementwise',
  roles: { in: [activation, activation], out: [activation] },
  infer: (_, [a, b]) => [broadcast(a.shape, b.shape)],
  macs: () => 0,
  facts: ({ fusedActivation }, inputs) => ({ fusedActivation, ...pairFacts(inputs) }),
  float: ({ fusedActivation }, inputs, outputs) => realPair(fusedActivation, inputs, outputs, (a, b) => a - b),
  authority: { int16: 'tflm' },
  int8: ({ fusedActivation }, inputs, [y]) => liftedPair(fusedActivation, inputs, y, (a, b) => a - b),
  examples: [
    {
      shapes: [
        [1, 4, 4, 8],
        [1, 4, 4, 8],
      ],
    },
    {
      attrs: { fusedActivation: 'relu' },
      shapes: [
        [3, 5],
        [3, 5],
      ],
    },
    { shapes: [[2, 3, 4, 5], [5]] },
    {
      attrs: { fusedActivation: 'relu6' },
      shapes: [
        [1, 1, 4],
        [2, 3, 1],
      ],
    },
  ],
})
