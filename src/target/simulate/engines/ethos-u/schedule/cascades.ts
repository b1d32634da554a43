/** Which steps run together in stripes, so that what lies between them fits fast memory, as Regor's scheduler decides where maps lie outside (npu-facts 5). */
import { roundUp, volume } from '../operation.ts'
import type { Cascade, Machine, Running, Schedule, Step } from './define.ts'
import { isPointwise, mayTake } from './live.ts'

/** Bytes of fast memory that live at each step and are not its own. */
export type Beside = { readonly others: readonly number[]; readonly lifeOf: Lives }

/** When each map lies in fast memory, and how much it takes. */
export type Lives = ReadonlyMap<number, { readonly start: number; readonly end: number; readonly bytes: number }>

export type Proposal = {
  /** How each step would run in stripes, and whole. */
  readonly stripes: Schedule
  readonly whole: Schedule
  readonly times: readonly number[]
  readonly beside: Beside
  readonly limit: number
}

/** The steps from `start` to `end` in cascades where that spares memory, whole elsewhere. */
export function cascaded(machine: Machine, proposal: Proposal, start = 0, end = machine.steps.length - 1): Map<number, Running> {
  const runs = new Map<number, Running>()
  for (let i = start; i <= end; i++) {
    if (runs.has(i) || !machine.steps[i]!.run) continue
    const found = longest(machine, proposal, i, end, runs)
    if (found) for (const [index, running] of found) runs.set(index, running)
    else runs.set(i, proposal.whole[i]!)
  }
  return runs
}

type Hold = { readonly bytes: number; readonly shape: string }

function longest(machine: Machine, proposal: Proposal, start: number, end: number, taken: ReadonlyMap<number, Running>) {
  const { steps, maps, model } = machine
  const { stripes, whole, beside, limit } = proposal
  const first = stripes[start]
  if (!first || !mayCascade(steps[start]!, first)) return undefined
  const old = model === 'regor-5.1'
  const aside = besideOf(start, proposal, machine)
  const buffers = new Map<number, number>()
  const inPlace = new Set<number>()
  let [bytes, before]: [number, Hold | undefined] = [weightBytes(first), undefined]
  let best: { readonly end: number; readonly bytes: number; readonly localBytes: number } | undefined
  for (let i = start + 1; i <= end; i++) {
    const [step, made, running] = [steps[i]!, steps[i - 1]!, stripes[i]]
    if (!running || taken.has(i) || !follows(made, step, machine) || !mayCascade(step, running)) break
    const producer = stripes[i - 1]!
    const hold = rolling(step, producer, running)
    const reuses = before !== undefined && takesPlace(made, producer, before, hold, machine)
    bytes += weightBytes(running) + (reuses ? 0 : hold.bytes)
    buffers.set(i, hold.bytes)
    if (reuses) inPlace.add(i - 1)
    aside.add(i)
    const { primary, op } = step.run!
    const input = maps.get(primary.tensor!)!.bytes
    const result = step.writes ? maps.get(step.writes.tensor!)!.bytes : 0
    const [wholeInput, wholeResult] = [
      { bytes: input, shape: primary.shape.join() },
      { bytes: result, shape: (step.writes ?? op.ofm).shape.join() },
    ]
    const apart = input + (takesPlace(step, whole[i]!, wholeInput, wholeResult, machine) ? 0 : result) + beside.others[i]!
    const all = bytes + (old ? 0 : aside.most())
    if (apart < limit || all > limit) break
    best = { end: i, bytes: all, localBytes: bytes }
    before = hold
  }
  if (!best) return undefined
  const cascade: Cascade = { start, ...best, buffers: new Map([...buffers].filter(([i]) => i <= best.end)) }
  return Array.from({ length: best.end - start + 1 }, (_, n): [number, Running] => {
    const i = start + n
    return [i, { ...stripes[i]!, cascade, ...(i < best.end && inPlace.has(i) && { inPlace: true }) }]
  })
}

const weightBytes = ({ buffer }: Running): number => (buffer ? buffer.parts[0] + buffer.parts[1] : 0)

/** Convolutions that read pixels once, poolings and elementwise operations that make less than the whole at a time. */
function mayCascade({ run, reads }: Step, { stripe }: Running): boolean {
  if (!run || run.op.turned || run.primary.tensor === undefined || !reads.some(({ tensor }) => tensor === run.primary.tensor)) return false
  const { op } = run
  if (stripe[0] >= op.ofm.shape[0]) return false
  if (op.kind === 'convolution' || op.kind === 'depthwise') return op.upscale === undefined
  return op.kind === 'elementwise' || (op.kind === 'pooling' && run.lowered.pools === true)
}

/** Whether `step` alone reads what `made`, right before it, alone writes, as bricks. */
function follows(made: Step, step: Step, { maps }: Machine): boolean {
  const passed = made.writes
  const between = passed?.tensor === undefined ? undefined : maps.get(passed.tensor)
  const taken = step.run?.primary
  if (!between || !taken || taken.tensor !== passed!.tensor || made.run!.op.ofm.shape.join() !== taken.shape.join()) return false
  return between.readers.length === 1 && between.writers.length === 1 && !between.border && !between.cpuReads && !between.linear
}

function rolling({ run }: Step, producer: Running, { input }: Running): Hold {
  const { shape, bits } = run!.primary
  const height = roundUp(producer.stripe[0] + input[0], input[0])
  const held = [height, input[1], roundUp(producer.stripe[2], 16)] as const
  return { bytes: (volume(held) * bits) / 8, shape: [held[0], held[1], shape[2]].join() }
}

/** Whether the result of a step lies where its input does. */
function takesPlace({ run, writes }: Step, running: Running, from: Hold, to: Hold, { maps }: Machine): boolean {
  if (!run || !writes || !isPointwise(run.op) || running.input.join() !== running.stripe.join()) return false
  return mayTake(run.primary, writes, maps) && from.shape === to.shape && from.bytes === to.bytes
}

/** The most bytes that live beside the steps of a growing cascade. */
function besideOf(start: number, { beside, times }: Proposal, { steps }: Machine) {
  const primary = steps[start]!.run!.primary.tensor!
  const life = beside.lifeOf.get(primary)
  const own = Math.max(0, beside.others[start]!)
  let [within, apart] = [0, own]
  return {
    add(i: number): void {
      const others = Math.max(0, beside.others[i]!)
      const lives = life && times[i]! >= life.start && times[i]! <= life.end
      if (!lives) apart = Math.max(apart, others)
      else {
        const kept = [steps[i]!.run!.primary, steps[i]!.writes].some(
          (map) => map?.tensor !== undefined && beside.lifeOf.get(map.tensor) === life,
        )
        within = Math.max(within, kept ? others : Math.max(0, others - life.bytes))
      }
    },
    most: () => Math.max(apart, own, within),
  }
}
