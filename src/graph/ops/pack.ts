/** PACK: stacks tensors of one shape along a new axis. */
import { activation, defineOp, int, type Operand, same } from './define.ts'
import { axisOf } from './kit/gather.ts'
import { join } from './kit/pieces.ts'

export const pack = defineOp({
  name: 'pack',
  tflite: { code: 83, options: 59, version: (_, [x]) => (x?.dtype === 'int16' ? 3 : x?.dtype === 'int8' ? 2 : 1) },
  attrs: { valuesCount: int(0), axis: int(1) },
  family: 'move',
  roles: { in: [activation], rest: same(), out: [same()] },
  infer: ({ valuesCount, axis }, inputs) => {
    const { shape } = inputs[0]
    if (valuesCount !== inputs.length) throw new Error(`it says that it stacks ${valuesCount} tensors, and has ${inputs.length}`)
    const other = inputs.find((x) => `${x.shape}` !== `${shape}`)
    if (other) throw new Error(`shapes [${shape}] and [${other.shape}] do not stack`)
    return [shape.toSpliced(axisOf(axis, shape.length + 1), 0, inputs.length)]
  },
  macs: () => 0,
  facts: ({ axis }, [x]) => ({ axis: axisOf(axis, x.shape.length + 1) }),
  float: ({ axis }, inputs) => stacked(axis, inputs),
  int8: ({ axis }, inputs) => stacked(axis, inputs),
  examples: [
    {
      attrs: { valuesCount: 2, axis: 0 },
      shapes: [
        [3, 4],
        [3, 4],
      ],
    },
    {
      attrs: { valuesCount: 3, axis: -1 },
      shapes: [
        [2, 3, 2],
        [2, 3, 2],
        [2, 3, 2],
      ],
    },
  ],
})

const stacked = (axis: number, inputs: readonly Operand[]) =>
  join(
    axisOf(axis, inputs[0]!.shape.length + 1),
    inputs.map((x) => x.shape),
  )
