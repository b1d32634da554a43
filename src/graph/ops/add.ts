/** ADD: the sum of two tensors; in int8 both sides are lifted by 2^20 to one scale before they meet. */
import { activation, bool, defineOp, fused } from './define.ts'
import { broadcast, pairFacts, realPair } from './kit/binary.ts'
import { liftedPair } from './kit/lifted.ts'

export const add = defineOp({
  name: 'add',
  tflite: {
    code: 0,
    options: 11,
    version: ({ potScaleInt16 }, [a]) => (a?.dtype === 'int16' && !potScaleInt16 ? 3 : a?.dtype === 'int8' ? 2 : 1),
  },
  attrs: { fusedActivation: fused(0), potScaleInt16: bool(1, true) },
  family: 'elementwise',
  roles: { in: [activation, activation], out: [activation] },
  infer: (_, [a, b]) => [broadcast(a.shape, b.shape)],
  macs: () => 0,
  facts: ({ fusedActivation }, inputs) => ({ fusedActivation, ...pairFacts(inputs) }),
  float: ({ fusedActivation }, inputs, outputs) => realPair(fusedActivation, inputs, outputs, (a, b) => a + b),
  authority: { int16: 'tflm' },
  int8: ({ fusedActivation }, inputs, [y]) => liftedPair(fusedActivation, inputs, y, (a, b) => a + b),
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
