/** SPACE_TO_BATCH_ND: pads an image and makes an image of each place in its blocks. */
import { defineOp, type Kernel, type Operand } from './define.ts'
import { batchBlocks, blocksOf, wide } from './kit/blocks.ts'
import { gather } from './kit/gather.ts'
import { zeroOf } from './kit/scale.ts'

export const spaceToBatchNd = defineOp({
  ...batchBlocks,
  name: 'space-to-batch-nd',
  tflite: {
    code: 38,
    options: 25,
    version: (_, [x]) => (x?.dtype === 'int16' ? 4 : x?.shape.length !== 4 ? 3 : x.dtype === 'int8' ? 2 : 1),
  },
  // TFLM fills the padding with what its memory holds.
  authority: { int8: 'litert' },
  infer: (_, operands) => {
    const { extents, before, behind } = blocksOf(operands, 'paddings')
    const { shape } = operands[0]
    const padded = extents.map((_, i) => shape[i + 1]! + before[i]! + behind[i]!)
    if (padded.some((n, i) => n % extents[i]! !== 0)) throw new Error(`[${shape}], padded to [${padded}], has no blocks of [${extents}]`)
    const images = extents.reduce((product, n) => product * n, shape[0]!)
    return [[images, ...padded.map((n, i) => n / extents[i]!), ...shape.slice(1 + extents.length)]]
  },
  float: (_, operands, [y]) => spread(operands, y, 0),
  int8: (_, operands, [y]) => spread(operands, y, zeroOf(operands[0])),
  examples: [
    {
      shapes: [[1, 4, 6, 2], [2], [2, 2]],
      consts: { 1: [2, 2], 2: [0, 0, 0, 0] },
    },
    {
      shapes: [[2, 3, 4, 3], [2], [2, 2]],
      consts: { 1: [2, 3], 2: [0, 1, 1, 1] },
    },
  ],
})

function spread(operands: readonly Operand[], y: Operand, blank: number): Kernel {
  const { extents, before } = blocksOf(operands, 'paddings')
  return gather(y.shape, wide(extents, before, operands[0]!.shape), blank)
}
