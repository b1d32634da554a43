/** Cycles of one operation: multipliers, output stage, issue, and each memory (npu-facts 4.3 to 4.5). */
import type { Block } from './block.ts'
import { blockCount, macCycles, outputRate, walked } from './cycles.ts'
import type { Accelerator, Model, OutputStage } from './numbers.ts'
import { type FeatureMap, type Memory, type Operation, roundUp, volume } from './operation.ts'
import { blockTransfers, elements, moved } from './transfer.ts'

export type Machine = { readonly accelerator: Accelerator; readonly outputStage: OutputStage }

export type Cost = {
  readonly npu: number
  /** Whole operation as seen by the multipliers, by the output stage, and one block by the issue limit. */
  readonly mac: number
  readonly output: number
  readonly issue: number
  readonly boundBy: 'mac' | 'output' | 'issue'
}

/** Which of the slices of an operation is priced: only the first waits for its input, only the last for its output. */
export type Part = 'whole' | 'first' | 'middle' | 'last'

/** `scaleMemory` is where scales and biases are read from: staging where the weights are staged. */
export function costOf(op: Operation, block: Block, machine: Machine, model: Model, scaleMemory?: Memory, part: Part = 'whole'): Cost {
  return op.kind === 'elementwise' ? elementwise(op, block, machine, model) : multiplying(op, block, machine, model, part, scaleMemory)
}

function multiplying(
  op: Operation,
  block: Block,
  { accelerator, outputStage }: Machine,
  model: Model,
  part: Part,
  scaleMemory = op.weights?.memory,
): Cost {
  const { clipped } = walked(op, block, accelerator, model)
  const scales = op.weights && scaleMemory ? (10 * clipped[2] * scaleMemory.readLatency) / 256 : 0
  const stages: Stages = {
    mac: macCycles(op, block, accelerator, model),
    made: Math.ceil(outputRate(op, block, outputStage, model) * volume(clipped)),
    scales,
    blocks: blockCount(op, block, accelerator, model),
    ...blockTransfers(op, block, accelerator.cores, model),
  }
  return model === 'legacy' ? legacy(stages) : balanced(stages, part)
}

/** Cycles of one block in each stage, and how many blocks there are. */
export type Stages = {
  readonly mac: number
  readonly made: number
  /** Reading scales and biases. */
  readonly scales: number
  readonly blocks: number
  readonly input: number
  readonly output: number
}

const boundBy = (mac: number, output: number, issue: number): Cost['boundBy'] =>
  Math.max(mac, issue) > Math.max(output, issue) ? (mac >= issue ? 'mac' : 'issue') : output >= issue ? 'output' : 'issue'

/** Regor: multipliers and output stage overlap, both held to the rate of issue; only the first block's input and the last one's output show. */
export function balanced({ mac, made, scales, blocks, input, output }: Stages, part: Part): Cost {
  const held = Math.max(made, scales)
  const issue = ((blocks > 1 ? Math.abs(output - input) : 0) + mac + held) / 4
  const [slowMac, slowOutput] = [Math.max(mac, issue), Math.max(held, issue)]
  const [begins, ends] = [part === 'whole' || part === 'first', part === 'whole' || part === 'last']
  const run =
    slowMac > slowOutput ? Math.floor(Math.floor(slowMac * blocks) + (ends ? slowOutput : 0)) : Math.floor(slowOutput * blocks + slowMac)
  return {
    npu: run + (begins ? input : 0) + (ends ? output : 0),
    mac: Math.floor(mac * blocks + held),
    output: Math.floor(made * blocks + mac),
    issue: Math.floor(issue),
    boundBy: boundBy(mac, held, issue),
  }
}

function legacy({ mac, made, scales, blocks, input, output }: Stages): Cost {
  const held = Math.max(made, scales)
  const issue = (input + output + held + mac) / 4
  const [slowMac, slowOutput] = [Math.max(mac, issue), Math.max(held, issue)]
  const run = slowMac > slowOutput ? Math.floor(slowMac * blocks) + slowOutput : slowOutput * blocks + slowMac
  return {
    npu: Math.floor(run),
    mac: Math.floor(mac * blocks) + held,
    output: Math.floor(made * blocks) + mac,
    issue,
    boundBy: boundBy(mac, held, issue),
  }
}

function elementwise(op: Operation, block: Block, { accelerator, outputStage }: Machine, model: Model): Cost {
  const rate = outputRate(op, block, outputStage, model)
  const { input, output } = blockTransfers(op, block, accelerator.cores, model)
  const n = volume(block.ofm)
  const depth = op.ofm.format === 'nhcwb16' ? roundUp(op.ofm.shape[2], 16) : op.ofm.shape[2]
  const made = op.ofm.shape[0] * op.ofm.shape[1] * depth
  if (model === 'legacy') {
    const issued = (input + output + rate * n) / 4 / n
    const npu = Math.ceil(Math.max(rate, issued) * made)
    return { npu, mac: 0, output: Math.ceil(rate * made), issue: Math.ceil(issued * made), boundBy: rate >= issued ? 'output' : 'issue' }
  }
  const out = Math.ceil(rate * made)
  const issue = Math.ceil(((Math.max(input, output) / n + rate) / 4) * made)
  return { npu: Math.max(out, issue), mac: 0, output: out, issue, boundBy: out >= issue ? 'output' : 'issue' }
}

/** How the weights of an operation are brought to faster memory. */
export type Staging = {
  readonly memory: Memory
  /** Bytes, scales included, that are brought before the operation starts. */
  readonly firstBytes: number
}

/** Cycles that each memory is busy for one operation, staged weights included. Regor 5.1 counts an element as a byte here, whatever its type. */
export function accessCycles(
  op: Operation,
  block: Block,
  machine: Machine,
  model: Model,
  staging?: Staging,
): { readonly sram: number; readonly external: number } {
  const bytes = { sram: 0, external: 0 }
  const memories = new Map<'sram' | 'external', Memory>()
  const add = (memory: Memory, count: number) => {
    memories.set(memory.name, memory)
    bytes[memory.name] += count
  }
  const bytesOf = (map: FeatureMap) => (model === 'regor-5.1' ? 1 : map.bits / 8)
  const access = elements(op, block, machine.accelerator)
  const inputs = [op.ifm, op.ifm2]
  access.inputs.forEach((count, i) => {
    const map = inputs[i]!
    add(map.memory, moved(map, block.ifm, 'read', count * bytesOf(map), machine.accelerator.cores, model))
  })
  add(op.ofm.memory, moved(op.ofm, block.ofm, 'write', access.output * bytesOf(op.ofm), machine.accelerator.cores, model))
  if (op.weights) {
    const { weights } = op
    const read = access.refetch * weights.bytes
    const scales = access.refetch * weights.scaleBytes
    add(weights.memory, scales)
    if (staging) {
      const late = Math.max(0, weights.bytes - staging.firstBytes)
      add(weights.memory, late)
      add(staging.memory, late + read)
    } else add(weights.memory, read)
  }
  const busy = (name: 'sram' | 'external') => (memories.has(name) ? Math.floor(bytes[name] / memories.get(name)!.bytesPerCycle) : 0)
  return { sram: busy('sram'), external: busy('external') }
}
