/** U55 and U65 as the estimator meets them. */
import { type Block, searchBlock } from './block.ts'
import { accessCycles, costOf } from './cost.ts'
import { type Generation, type Plan, remembered } from './generation.ts'
import type { Lowered } from './maps.ts'
import type { EthosU55, Model } from './numbers.ts'
import { type Memory, roundUp } from './operation.ts'
import { encodedBytes } from './weights/encoded-bytes.ts'

export function generation55(numbers: EthosU55, model: Model): Generation {
  const { accelerator } = numbers
  const read = (memory: Memory, bytes: number) => Math.floor(bytes / memory.bytesPerCycle + memory.readLatency)
  return {
    splitDepth: accelerator.splitDepth,
    subKernel: accelerator.subKernel,
    plan(lowered, _, stripe = lowered.op) {
      const block = searchBlock(stripe, accelerator, model)
      return block && { block, leastDepth: accelerator.splitDepth, sparse: false, fast: false, encode: coder(lowered, block, numbers) }
    },
    cost: (op, { block }, scaleMemory, part) => costOf(op, block, numbers, model, scaleMemory, part),
    access: (op, { block }, staging) => accessCycles(op, block, numbers, model, staging),
    // Regor 5.1 took the latency of writing from the memory that is read.
    transfer: (from, to, bytes) =>
      Math.max(
        Math.floor(bytes / from.bytesPerCycle) + from.readLatency,
        Math.floor(bytes / to.bytesPerCycle) + (model === 'regor-5.1' ? from : to).writeLatency,
      ),
    readWeights: read,
    readMap: read,
  }
}

function coder({ op, source }: Lowered, block: Block, { accelerator }: EthosU55): Plan['encode'] {
  const bricks = {
    traversal: block.traversal,
    ofmBlockDepth: block.ofm[2],
    ofmUblockDepth: accelerator.ofmUblock[2],
    ifmUblockDepth: accelerator.ifmUblock[2],
    ifmBits: op.ifm.bits,
    subKernel: accelerator.subKernel,
  }
  return remembered((from, to) => ({
    weights: source ? encodedBytes(source, from, to, bricks, accelerator.cores) : 0,
    scales: scaleBytes(to - from, accelerator.cores),
  }))
}

/** Ten bytes for each channel, in a stream for each generation. */
function scaleBytes(channels: number, cores: number): number {
  let bytes = 0
  for (let generation = 0; generation < cores; generation++) bytes += roundUp(10 * Math.ceil((channels - generation) / cores), 16)
  return bytes
}
