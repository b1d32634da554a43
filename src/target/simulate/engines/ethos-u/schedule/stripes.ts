/** Steps in stripes: how one runs that makes so many rows at a time. */
import { type Dims, type Operation, roundUp } from '../operation.ts'
import { elements } from '../transfer.ts'
import type { Machine, Running, Schedule, Step } from './define.ts'
import { expect, inputOf } from './expect.ts'

/** Classes of operation that may be cut along the height. */
const cut: readonly Operation['kind'][] = ['convolution', 'depthwise', 'vector-product', 'elementwise', 'pooling']

const known = new WeakMap<Step, Map<number, Running | undefined>>()

/** Undefined where the accelerator has no block for it. Chained operations run whole. */
export function striped(step: Step, rows: number, machine: Machine): Running | undefined {
  const runs = known.get(step) ?? new Map<number, Running | undefined>()
  known.set(step, runs)
  if (!runs.has(rows)) runs.set(rows, run(step, rows, machine))
  return runs.get(rows)
}

function run({ run }: Step, rows: number, machine: Machine): Running | undefined {
  if (!run) return undefined
  const { op, lowered } = run
  const { generation, memories } = machine
  const full = op.ofm.shape
  const whole = rows === full[0] || !cut.includes(op.kind) || (op.chain?.length ?? 0) > 0
  const stripe: Dims = whole ? full : [rows, full[1], full[2]]
  const input: Dims = whole ? run.primary.shape : [inputOf(op, stripe)[0], run.primary.shape[1], run.primary.shape[2]]
  const plan = whole ? run.plan : generation.plan({ ...lowered, op }, memories.constants, shaped(op, stripe, input))
  if (!plan) return undefined
  const slices = [0, full[2]]
  return {
    plan,
    stripe,
    input,
    cycles: generation.cost(op, plan).npu,
    refetch: elements(op, plan.block, generation).refetch,
    expected: expect(op, plan, machine, { stripe, slices }),
    slices,
    slackCycles: 0,
    slackBytes: 0,
    transferCycles: 0,
  }
}

const shaped = (op: Operation, stripe: Dims, input: Dims): Operation => ({
  ...op,
  ofm: { ...op.ofm, shape: stripe },
  ifm: { ...op.ifm, shape: [Math.min(input[0], op.ifm.shape[0]), op.ifm.shape[1], op.ifm.shape[2]] },
  ...(op.ifm2 && { ifm2: { ...op.ifm2, shape: [Math.min(input[0], op.ifm2.shape[0]), op.ifm2.shape[1], op.ifm2.shape[2]] } }),
})

const factorOf = ({ run }: Step): number => (run?.op.upscale ? 2 : 1)

/** Every operation cut as finely as its successor's stride allows. */
export const finest = (machine: Machine): Schedule =>
  machine.steps.map((step, i) => {
    const rows = machine.steps[i + 1]?.run?.op.kernel.strideY ?? 1
    const full = step.run?.op.ofm.shape[0]
    return striped(step, rows === full ? rows : roundUp(rows, factorOf(step)), machine)
  })

/** The steps from `start` to `end` where the last one makes `rows` rows at a time, each as much as the next one takes. */
export function stripedTo(start: number, end: number, rows: number, machine: Machine): Map<number, Running> {
  const runs = new Map<number, Running>()
  let height = rows
  for (let i = end; i >= start; i--) {
    const step = machine.steps[i]!
    if (!step.run) continue
    const factor = factorOf(step)
    if (height !== step.run.op.ofm.shape[0]) height = roundUp(height, factor)
    const made = striped(step, height, machine)
    if (made) runs.set(i, made)
    height = (height / factor) * step.run.op.kernel.strideY
  }
  return runs
}
