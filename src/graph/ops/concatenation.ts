/** CONCATENATION: joins tensors along one axis. All share one scale, so joining is copying. */
import { activation, defineOp, fused, int, type Operand, same } from './define.ts'
import { axisOf } from './kit/gather.ts'
import { join } from './kit/pieces.ts'
import { secondForInt8, zeroOf } from './kit/scale.ts'

export const concatenation = defineOp({
  name: 'concatenation',
  tflite: { code: 2, options: 10, version: secondForInt8 },
  attrs: { axis: int(0), fusedActivation: fused(1) },
  family: 'move',
  roles: { in: [activation], rest: same(), out: [same()] },
  infer: ({ axis, fusedActivation }, inputs) => {
    if (fusedActivation !== 'none') throw new Error(`a fused ${fusedActivation} has no reference kernel`)
    const first = inputs[0].shape
    const along = axisOf(axis, first.length)
    for (const { shape } of inputs)
      if (shape.length !== first.length || shape.some((extent, i) => i !== along && extent !== first[i]))
        throw new Error(`shapes [${first}] and [${shape}] do not join along axis ${axis}`)
    return [first.map((extent, i) => (i === along ? inputs.reduce((sum, x) => sum + x.shape[i]!, 0) : extent))]
  },
  macs: () => 0,
  facts: ({ axis, fusedActivation }, inputs) => ({
    ...{ axis: axisOf(axis, inputs[0].shape.length), fusedActivation, inputCount: inputs.length },
    axisFromEnd: axisOf(axis, inputs[0].shape.length) - inputs[0].shape.length,
    constantOperand: inputs.some((x) => x.data !== undefined),
    /** Whether constant inputs, where there are any, hold the real value 0 alone. */
    constantsZero: inputs.every((x) => !x.data || x.data.every((q) => Number(q) === (x.quant ? zeroOf(x) : 0))),
  }),
  float: ({ axis }, inputs) => joined(axis, inputs),
  int8: ({ axis }, inputs) => joined(axis, inputs),
  examples: [
    {
      attrs: { axis: 2 },
      shapes: [
        [1, 2, 3],
        [1, 2, 5],
      ],
    },
    {
      attrs: { axis: -1 },
      shapes: [
        [1, 3, 3, 2],
        [1, 3, 3, 4],
        [1, 3, 3, 1],
      ],
    },
    {
      attrs: { axis: 0 },
      shapes: [
        [1, 4],
        [2, 4],
        [3, 4],
      ],
    },
  ],
})

const joined = (axis: number, inputs: readonly Operand[]) =>
  join(
    axisOf(axis, inputs[0]!.shape.length),
    inputs.map((x) => x.shape),
  )
