/** Cycles of one operation of a U85: multipliers, output stage, issue (npu-facts 4.3, 4.4 and 4.6). */
import type { Block } from '../block.ts'
import { balanced, type Cost, type Part } from '../cost.ts'
import { subKernels } from '../cycles.ts'
import type { Model } from '../numbers.ts'
import { ceilDiv, clip, type Memory, type Operation, roundUp, tiles, volume } from '../operation.ts'
import { blockTransfers } from '../transfer.ts'
import { writers } from './access.ts'
import type { Accelerator85, OutputStage85 } from './numbers.ts'
import { outputRate85 } from './output-rate.ts'

export type Machine85 = { readonly accelerator: Accelerator85; readonly outputStage: OutputStage85 }

/** What a cost depends on beside operation and block. `scaleMemory` is where scales and biases are read from. */
export type Setting = { readonly sparse: boolean; readonly scaleMemory?: Memory | undefined; readonly part: Part }

export function costOf85(op: Operation, block: Block, machine: Machine85, model: Model, setting: Setting): Cost {
  const rate = outputRate85(op, machine.outputStage)
  const { input, output } = blockTransfers(op, block, writers(machine.accelerator, model), model)
  if (op.kind === 'elementwise' || op.kind === 'enlarging') return streaming(op, block, rate, Math.max(input, output))
  const clipped = clip(block.ofm, op.ofm.shape)
  const { scaleMemory, part } = setting
  return balanced(
    {
      mac: macCycles85(op, block, machine.accelerator, setting.sparse),
      made: Math.ceil(rate * volume(clipped)),
      scales: op.weights && scaleMemory ? (10 * clipped[2] * scaleMemory.readLatency) / 256 : 0,
      blocks: volume(tiles(op.ofm.shape, block.unit)) / volume(tiles(clipped, block.unit)),
      input,
      output,
    },
    part,
  )
}

function streaming({ ofm }: Operation, block: Block, rate: number, transfers: number): Cost {
  const made = ofm.shape[0] * ofm.shape[1] * (ofm.format === 'nhcwb16' ? roundUp(ofm.shape[2], 16) : ofm.shape[2])
  const output = Math.ceil(rate * made)
  const issue = Math.ceil(((transfers / volume(block.ofm) + rate) / 4) * made)
  return { npu: Math.max(output, issue), mac: 0, output, issue, boundBy: output >= issue ? 'output' : 'issue' }
}

/** Cycles of the multipliers for one block. */
export function macCycles85(op: Operation, block: Block, machine: Accelerator85, sparse: boolean): number {
  const [ny, nx, nz] = tiles(clip(block.ofm, op.ofm.shape), block.unit)
  const nxy = nx * ny
  const decode = Math.floor((32 * block.unit[2]) / (8 * machine.cores))
  const depth = Math.min(block.ifm[2], op.ifm.shape[2])
  const bytes = op.ifm.bits / 8
  const inParts = block.traversal === 'part-kernel'
  const delay = block.accumulatorBits === 48 && machine.macsPerCycle <= 128 ? 3 : 2
  const bricks = inParts ? ceilDiv(depth, 8) : 1
  const density = sparse ? 2 : 1
  let total = 0
  for (const e of subKernels(op.kernel, machine.subKernel)) {
    let steps = 1
    if (op.kind === 'pooling') total += Math.floor(Math.max(4, e) * nxy * nz * (op.ifm.bits / 2))
    else if (op.kind === 'depthwise') {
      steps = ceilDiv(e, 4)
      total += Math.max(decode, 4 * nxy * bytes) * steps * nz
    } else if (inParts) {
      steps = ceilDiv(e, op.ifm.bits === 16 ? 2 : 4)
      total += Math.floor((Math.max(decode, 4 * nxy) * steps * nz * bricks) / density)
    } else {
      steps = e
      total += Math.floor((Math.max(decode, Math.floor(depth / 8) * nxy) * steps * nz * bytes) / density)
    }
    if (nxy === 1) total += (nz === 1 ? delay * steps : steps > 1 ? delay * (steps - 1) * nz : 0) * bricks
  }
  const repeats =
    op.kind === 'convolution' || op.kind === 'vector-product' || op.kind === 'reduce-sum' ? ceilDiv(op.ifm.shape[2], depth) : 1
  return total * repeats
}
