/** Which micro-block an operation runs on, and in what units its input RAM is given out (npu-facts 4.6). */
import { type Dims, type Operation, roundUp, volume } from '../operation.ts'
import type { Accelerator85, MicroBlock } from './numbers.ts'

const runsOf = ({ runs }: MicroBlock, bits: number) => (bits === 32 ? runs.bits32 : bits === 16 ? runs.bits16 : runs.bits8)

/** The one that wastes least; the first of equals. */
export function microBlockOf(op: Operation, machine: Accelerator85, partKernel: boolean): MicroBlock | undefined {
  const point = op.kernel.height === 1 && op.kernel.width === 1 && !partKernel
  const multiplies = op.kind === 'convolution' || op.kind === 'vector-product'
  const able = machine.microBlocks.filter(
    (block) => runsOf(block, op.ifm.bits).includes(op.kind) && (!multiplies || !block.pointOnly || point),
  )
  const made = ({ shape }: MicroBlock) => volume([0, 1, 2].map((axis) => roundUp(op.ofm.shape[axis]!, shape[axis]!)) as unknown as Dims)
  let best: MicroBlock | undefined
  for (const block of able) if (!best || made(block) < made(best)) best = block
  return best
}

/** Height, width and depth in elements. */
export function fetchUnit({ fetch }: MicroBlock, depth: number, bits: number): Dims {
  const [height, width, bricks] = fetch[depth * bits > 256 ? 2 : depth * bits > 128 ? 1 : 0]
  return [height, width, (bricks * 128) / bits]
}
