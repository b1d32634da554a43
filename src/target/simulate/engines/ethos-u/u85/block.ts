/** Which block of the output map the U85 makes at a time; each class of operation has its own way to it (npu-facts 4.6). */
import type { Block } from '../block.ts'
import type { Model } from '../numbers.ts'
import type { Dims, Operation } from '../operation.ts'
import { areaBlock } from './area-block.ts'
import { elementwiseBlock } from './elementwise-block.ts'
import { ACCUMULATOR_DEPTH, type Search } from './granule.ts'
import { microBlockOf } from './micro-block.ts'
import type { Accelerator85 } from './numbers.ts'
import { convolves, ifmBlockDepth, kernelFirst, wideAccumulator } from './traversal.ts'
import { volumeBlock } from './volume-block.ts'

/** Undefined where the machine has no micro-block for the operation, or nothing fits. */
export function searchBlock85(op: Operation, machine: Accelerator85, model: Model, sparse = false): Block | undefined {
  const partKernel = convolves(op, model) && kernelFirst(op, sparse)
  const micro = microBlockOf(op, machine, partKernel)
  if (!micro) return undefined
  const unit = micro.shape
  const granule: Dims = [unit[0], unit[1], ACCUMULATOR_DEPTH]
  const plain = { unit, traversal: 'depth-first', accumulatorBits: wideAccumulator(op) ? 48 : 32 } as const
  const search: Search = { op, machine, model, micro, granule, ifmDepth: 0 }
  if (op.kind === 'elementwise') {
    const ofm = elementwiseBlock(search)
    return { ...plain, ofm, ifm: ofm }
  }
  if (op.kind === 'depthwise') return { ...plain, ...areaBlock(search), traversal: 'depthwise' }
  const ifmDepth = ifmBlockDepth(op, machine, micro, partKernel, sparse)
  if (op.kind === 'reduce-sum') return { ...plain, ...areaBlock({ ...search, ifmDepth }) }
  if (op.kind === 'pooling' && !op.copies) return { ...plain, ...areaBlock(search) }
  const found = volumeBlock(op.copies || op.kind === 'enlarging' ? search : { ...search, ifmDepth })
  return found && { ...plain, ...found, traversal: partKernel ? 'part-kernel' : 'depth-first' }
}
