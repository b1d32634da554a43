/** DEPTH_TO_SPACE: each pixel becomes a block of pixels of fewer channels. */
import { defineOp } from './define.ts'
import { coarse, depthBlocks } from './kit/blocks.ts'
import { gather } from './kit/gather.ts'

export const depthToSpace = defineOp({
  ...depthBlocks,
  name: 'depth-to-space',
  tflite: { code: 5, options: 94, version: (_, [x]) => (x?.dtype === 'int8' ? 2 : 1) },
  infer: ({ blockSize: b }, [x]) => {
    const [n, height, width, channels] = x.shape as readonly [number, number, number, number]
    if (x.shape.length !== 4 || !(b >= 1) || channels % (b * b) !== 0)
      throw new Error(`[${x.shape}] does not spread over blocks of ${b} x ${b}`)
    return [[n, height * b, width * b, channels / (b * b)]]
  },
  float: ({ blockSize }, _, [y]) => gather(y.shape, coarse(blockSize, y.shape)),
  int8: ({ blockSize }, _, [y]) => gather(y.shape, coarse(blockSize, y.shape)),
  examples: [
    { attrs: { blockSize: 2 }, shapes: [[1, 2, 3, 8]] },
    { attrs: { blockSize: 3 }, shapes: [[2, 1, 2, 9]] },
  ],
})
