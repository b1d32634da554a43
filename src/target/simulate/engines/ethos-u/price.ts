/** The price of one operation as it is scheduled: its own cycles, the transfers that nothing hides, and each memory. */
import type { Lowered } from './maps.ts'
import type { FeatureMap, Operation } from './operation.ts'
import type { Machine, Running, Step } from './schedule/define.ts'
import { bytesOf } from './schedule/expect.ts'

export type OperationPrice = {
  readonly cycles: number
  readonly boundBy: string
  readonly terms: Readonly<Record<'mac' | 'output' | 'issue' | 'npu' | 'sram' | 'external' | 'weight-dma', number>>
  readonly weightBytes: number
}

/** `before`: how the step before runs, absent at the start and behind the CPU. `isFast`: maps in fast memory. */
export function priceOperation(
  step: Step,
  running: Running,
  before: Running | undefined,
  machine: Machine,
  isFast: (tensor: number) => boolean,
): OperationPrice {
  const { generation, memories } = machine
  const { lowered } = step.run!
  const { plan, slices, buffer } = running
  const op = final(lowered.op, step, running, machine, isFast)
  const cost = generation.cost(op, plan, buffer && memories.staging)
  const slack = before?.slackCycles ?? 0
  const [first] = buffer ? bytesOf(plan, slices.slice(0, 2)) : [0]
  const transfer = (bytes: number) => generation.transfer(memories.constants, memories.staging, bytes)
  // npu-facts 4.5: the transfer that the previous operation does not hide, or the whole transfer where that takes longer.
  const waited = buffer
    ? Math.max(running.transferCycles - slack + running.slackCycles, cost.npu + Math.max(0, transfer(first!) - slack))
    : cost.npu
  // Where weights are staged, the estimator hides nothing of a table.
  const npu = waited + tableWait(lowered, machine, buffer ? 0 : slack)
  const access = generation.access(op, plan, buffer && { memory: memories.staging, firstBytes: buffer.early ? first! : 0 })
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
    weightBytes: lowered.again ? 0 : (op.weights?.bytes ?? 0),
  }
}

/** With every map where it lies, and the weights as they were cut. */
function final(
  op: Operation,
  { run }: Step,
  { plan, slices }: Running,
  { memories }: Machine,
  isFast: (tensor: number) => boolean,
): Operation {
  const at = (map: FeatureMap): FeatureMap =>
    map.tensor === undefined ? map : { ...map, memory: isFast(map.tensor) ? memories.staging : memories.arena }
  const sizes = slices.slice(1).map((to, i) => plan.encode(slices[i]!, to))
  const sum = (key: 'weights' | 'scales') => sizes.reduce((total, size) => total + size[key], 0)
  const { weights } = run!.op
  return {
    ...op,
    ifm: at(op.ifm),
    ...(op.ifm2 && { ifm2: at(op.ifm2) }),
    // What is chained on is named where maps lie, though it is never stored.
    ofm: op.chain?.length ? op.ofm : at(op.ofm),
    ...(op.written && { written: at(op.written) }),
    ...(op.chain && { chain: op.chain.map((link) => (link.other ? { ...link, other: at(link.other) } : link)) }),
    ...(weights && { weights: { ...weights, bytes: sum('weights'), scaleBytes: sum('scales') } }),
  }
}

const tableWait = ({ tableBytes }: Lowered, { generation, memories: { constants, sram } }: Machine, slack: number): number =>
  tableBytes ? Math.max(0, generation.transfer(constants, sram, tableBytes) - slack) : 0
