/** SPLIT: cuts a tensor into equal parts along a constant axis, which stands before it. */
import { activation, defineOp, index, int, type Operand, same } from './define.ts'
import { axisOf, constant } from './kit/gather.ts'
import { cut } from './kit/pieces.ts'

export const split = defineOp({
  name: 'split',
  tflite: {
    code: 49,
    options: 35,
    version: (_, [, x]) => (x?.dtype === 'int16' ? 4 : x?.dtype === 'int32' ? 3 : x?.dtype === 'int8' ? 2 : 1),
  },
  attrs: { numSplits: int(0) },
  family: 'move',
  roles: { in: [index, activation], out: [same(1)], restOut: same(1) },
  infer: ({ numSplits }, [axis, x]) => {
    const along = alongOf(axis, x)
    if (!(numSplits >= 1) || x.shape[along]! % numSplits !== 0)
      throw new Error(`axis ${along} of [${x.shape}] does not split into ${numSplits} equal parts`)
    return Array.from({ length: numSplits }, () => x.shape.with(along, x.shape[along]! / numSplits))
  },
  macs: () => 0,
  facts: ({ numSplits }, [axis, x]) => ({
    parametersConstant: axis.data !== undefined,
    splits: numSplits,
    ...(axis.data && { axis: alongOf(axis, x) }),
  }),
  float: (_, inputs, outputs) => parts(inputs, outputs),
  int8: (_, inputs, outputs) => parts(inputs, outputs),
  examples: [
    { attrs: { numSplits: 2 }, shapes: [[1], [1, 3, 3, 4]], consts: { 0: [3] } },
    { attrs: { numSplits: 3 }, shapes: [[1], [2, 6, 5]], consts: { 0: [-2] } },
  ],
})

const alongOf = (axis: Operand, x: Operand): number => axisOf(constant(axis, 'axis')[0]!, x.shape.length)

function parts([axis, x]: readonly Operand[], outputs: readonly Operand[]) {
  const along = alongOf(axis!, x!)
  return cut(
    along,
    x!.shape,
    outputs.map((y) => y.shape[along]!),
    1,
  )
}
