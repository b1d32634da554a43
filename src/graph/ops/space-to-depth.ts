/** SPACE_TO_DEPTH: each block of pixels becomes one pixel of more channels. */
import { defineOp } from './define.ts'
import { coarse, depthBlocks, scatter } from './kit/blocks.ts'

export const spaceToDepth = defineOp({
  ...depthBlocks,
  name: 'space-to-depth',
  tflite: { code: 26, options: 19, version: (_, [x]) => (x?.dtype === 'int8' ? 2 : 1) },
  infer: ({ blockSize: b }, [x]) => {
    const [n, height, width, channels] = x.shape as readonly [number, number, number, number]
    if (x.shape.length !== 4 || !(b >= 1) || height % b !== 0 || width % b !== 0)
      throw new Error(`[${x.shape}] has no blocks of ${b} x ${b}`)
    return [[n, height / b, width / b, channels * b * b]]
  },
  float: ({ blockSize }, [x], [y]) => scatter(x.shape, coarse(blockSize, x.shape), y.shape),
  int8: ({ blockSize }, [x], [y]) => scatter(x.shape, coarse(blockSize, x.shape), y.shape),
  examples: [
    { attrs: { blockSize: 2 }, shapes: [[1, 4, 6, 3]] },
    { attrs: { blockSize: 3 }, shapes: [[2, 3, 6, 1]] },
  ],
})
