/** The price of one operation in its place: staging of its weights, its transfers, and what it leaves for the next. */
import type { Bytes, Generation, Plan } from './generation.ts'
import type { Lowered } from './maps.ts'
import type { Memories } from './memories.ts'
import type { FeatureMap, Operation } from './operation.ts'
import { type Slack, type Staged, stageWeights } from './stage.ts'

export type Running = {
  readonly generation: Generation
  readonly memories: Memories
  /** Position among the accelerator's operations. */
  readonly index: number
  readonly previous: Slack | undefined
  /** Bytes of feature maps alive now. */
  readonly used: number
}

export type OperationPrice = {
  readonly cycles: number
  readonly boundBy: string
  readonly terms: Readonly<Record<'mac' | 'output' | 'issue' | 'npu' | 'sram' | 'external' | 'weight-dma', number>>
  readonly weightBytes: number
  readonly staged: Staged | undefined
  /** Whether the buffers are those of the operation before. */
  readonly again: boolean
  readonly slack: Slack
}

/** The operation as the scheduler sees it, before maps are moved to staging memory. */
const unmoved = (op: Operation, { arena, staging }: Memories): Operation => {
  const back = (map: FeatureMap): FeatureMap => (map.memory.name === staging.name ? { ...map, memory: arena } : map)
  return { ...op, ifm: back(op.ifm), ...(op.ifm2 ? { ifm2: back(op.ifm2) } : {}), ofm: back(op.ofm) }
}

export function priceOperation(lowered: Lowered, plan: Plan, at: Running): OperationPrice {
  const { generation, memories, index, previous } = at
  const { encode } = plan
  const depth = lowered.op.ofm.shape[2]
  const whole = lowered.source ? encode(0, depth) : undefined
  const weights = whole && { bytes: whole.weights, scaleBytes: whole.scales, memory: memories.constants }
  const op: Operation = weights ? { ...lowered.op, weights } : lowered.op
  const scheduled = unmoved(op, memories)
  const room = Math.max(0, Math.min(memories.stagingBytes, ROOM) - at.used)
  const bytesOf = (from: number, to: number) => encode(from, to).weights + encode(from, to).scales
  const staged = stageWeights(
    { op: scheduled, plan },
    { generation, memories, index, previous, shared: lowered.shared === true, room, bytesOf },
  )
  const sizes = staged ? ranges(staged, encode) : whole
  const final: Operation = weights && sizes ? { ...op, weights: { ...weights, bytes: sizes.weights, scaleBytes: sizes.scales } } : op
  const cost = generation.cost(final, plan, staged ? memories.staging : undefined)
  const slackCycles = previous?.cycles ?? 0
  // Where weights are staged, the estimator hides nothing of a table.
  const npu = (staged ? waited(cost.npu, staged, slackCycles) : cost.npu) + tableWait(lowered, at, staged ? 0 : slackCycles)
  const access = generation.access(final, plan, staged && { memory: memories.staging, firstBytes: index === 0 ? 0 : staged.firstBytes })
  const cycles = Math.max(npu, access.sram, access.external)
  const boundBy = cycles > npu ? (access.external >= access.sram ? 'external' : 'sram') : npu > cost.npu ? 'weight-dma' : cost.boundBy
  return {
    cycles,
    boundBy,
    terms: {
      mac: cost.mac,
      output: cost.output,
      issue: cost.issue,
      npu,
      sram: access.sram,
      external: access.external,
      'weight-dma': npu - cost.npu,
    },
    weightBytes: lowered.again ? 0 : (sizes?.weights ?? 0),
    staged,
    again: lowered.again === true,
    slack: {
      cycles: staged ? staged.lastSliceCycles : generation.cost(scheduled, plan).npu,
      bytes: room - (staged ? staged.parts[0] + staged.parts[1] : 0),
    },
  }
}

/** Vela's own limit on staging where a memory mode gives none. */
const ROOM = 4 * 1024 * 1024

/** npu-facts 4.5: the transfer that the previous operation does not hide, or the whole transfer where that takes longer. */
const waited = (npu: number, { fullTransfer, firstTransfer, lastSliceCycles }: Staged, slack: number): number =>
  Math.max(fullTransfer - slack + lastSliceCycles, npu + Math.max(0, firstTransfer - slack))

const tableWait = ({ tableBytes }: Lowered, { generation, memories: { constants, sram } }: Running, slack: number): number =>
  tableBytes ? Math.max(0, generation.transfer(constants, sram, tableBytes) - slack) : 0

function ranges({ slices }: Staged, encode: Plan['encode']): Bytes {
  const each = slices.slice(1).map((to, i) => encode(slices[i]!, to))
  return { weights: each.reduce((sum, e) => sum + e.weights, 0), scales: each.reduce((sum, e) => sum + e.scales, 0) }
}
