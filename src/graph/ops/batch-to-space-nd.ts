/** BATCH_TO_SPACE_ND: makes an image of many, each a place in its blocks, and crops it. */
import { defineOp, type Kernel, type Operand } from './define.ts'
import { batchBlocks, blocksOf, scatter, wide } from './kit/blocks.ts'

export const batchToSpaceNd = defineOp({
  ...batchBlocks,
  name: 'batch-to-space-nd',
  tflite: {
    code: 37,
    options: 24,
    version: (_, [x]) => (x?.dtype === 'int16' ? 4 : x?.shape.length !== 4 ? 3 : x.dtype === 'int8' ? 2 : 1),
  },
  infer: (_, operands) => {
    const { extents, before, behind } = blocksOf(operands, 'crops')
    const { shape } = operands[0]
    const images = shape[0]! / extents.reduce((product, n) => product * n, 1)
    const cropped = extents.map((n, i) => shape[i + 1]! * n - before[i]! - behind[i]!)
    if (!Number.isInteger(images) || cropped.some((n) => n < 0))
      throw new Error(`[${shape}] does not make blocks of [${extents}], cropped to [${cropped}]`)
    return [[images, ...cropped, ...shape.slice(1 + extents.length)]]
  },
  float: (_, operands, [y]) => gathered(operands, y),
  int8: (_, operands, [y]) => gathered(operands, y),
  examples: [
    {
      shapes: [[4, 2, 3, 2], [2], [2, 2]],
      consts: { 1: [2, 2], 2: [0, 0, 0, 0] },
    },
    {
      shapes: [[12, 2, 2, 1], [2], [2, 2]],
      consts: { 1: [2, 3], 2: [1, 0, 2, 1] },
    },
  ],
})

function gathered(operands: readonly Operand[], y: Operand): Kernel {
  const { extents, before } = blocksOf(operands, 'crops')
  return scatter(operands[0]!.shape, wide(extents, before, y.shape), y.shape)
}
