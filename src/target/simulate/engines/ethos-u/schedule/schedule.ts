/** How all steps of a network run: in stripes or whole, with which maps and weights in fast memory. The order of decisions is Regor's (npu-facts 5). */
import type { Range } from '../../../../../graph/memory/place.ts'
import { buffered } from './buffering.ts'
import { cascaded } from './cascades.ts'
import type { Cascade, Machine, Running, Schedule } from './define.ts'
import { fastMaps } from './fast-maps.ts'
import { rangesOf, type Timeline, timeline, usedAt, weightsAt } from './live.ts'
import { optimised } from './optimise.ts'
import { finest, striped } from './stripes.ts'

export type Scheduled = {
  readonly schedule: Schedule
  /** Maps in fast memory. */
  isFast(tensor: number): boolean
  /** What lies in fast memory and when, where maps lie outside. */
  readonly ranges?: readonly Range[]
}

export function scheduleOf(machine: Machine): Scheduled {
  const held = new Set<number>()
  const { steps, memories } = machine
  const whole: Schedule = steps.map((step) => (step.run ? striped(step, step.run.op.ofm.shape[0], machine) : undefined))
  const limit = memories.stagingBytes
  const apart = memories.arena.name !== memories.staging.name
  if (!apart) {
    const none: number[] = []
    return { schedule: buffered(machine, whole, { used: none, weights: none, times: steps.map(() => 0), limit }), isFast: () => true }
  }
  const isHeld = (tensor: number) => held.has(tensor)
  const chosen = held.size === 0 && fitsAnyway(machine, limit) ? whole : cut(machine, whole, limit, isHeld)
  const line = timeline(machine, chosen, isHeld)
  const schedule = buffered(machine, chosen, { used: usedAt(line), weights: weightsAt(line), times: line.times, limit })
  const rolling = new Set(steps.flatMap(({ run }, i) => (schedule[i]?.cascade?.buffers.has(i) ? [run!.primary.tensor!] : [])))
  const fast = fastMaps(machine, schedule, limit, new Set([...held, ...rolling]))
  return { schedule, isFast: (tensor) => fast.has(tensor), ranges: rangesOf(timeline(machine, schedule, (tensor) => fast.has(tensor))) }
}

/** Whether any two neighbours fit whole: then nothing is cut. */
const fitsAnyway = ({ steps, maps }: Machine, limit: number): boolean =>
  steps.every(({ reads, writes }) => {
    const own = [...reads, ...(writes ? [writes] : [])].reduce((sum, { tensor }) => sum + (maps.get(tensor!)?.bytes ?? 0), 0)
    return own < limit
  })

/** Cascades of the finest stripes where maps do not fit, then of the highest that fit. */
function cut(machine: Machine, whole: Schedule, limit: number, isHeld: (tensor: number) => boolean): Schedule {
  const stripes = finest(machine)
  const first = timeline(machine, stripes, isHeld)
  const beside = (line: Timeline, schedule: Schedule) => besideOf(machine, line, schedule, isHeld)
  const proposal = { stripes, whole, times: first.times, beside: beside(first, stripes), limit }
  const found = cascaded(machine, proposal)
  const schedule: (Running | undefined)[] = machine.steps.map((_, i) => found.get(i))
  const line = timeline(machine, schedule, isHeld)
  const setting = { whole, times: line.times, used: usedAt(line), weights: weightsAt(line), beside: beside(line, schedule), limit }
  const cascades = [...new Set(schedule.flatMap((running): Cascade[] => (running?.cascade ? [running.cascade] : [])))]
  // Regor keeps cascades in a hash table, which gives the last one first.
  for (const cascade of cascades.toReversed()) {
    const better = optimised(machine, schedule, cascade, setting)
    if (better) for (const [i, running] of better) schedule[i] = running
  }
  return schedule
}

/** Bytes in fast memory at each step that are not its own. */
function besideOf({ steps, maps }: Machine, line: Timeline, schedule: Schedule, isFast: (tensor: number) => boolean) {
  const used = usedAt(line)
  const local = steps.map(({ run, writes }, i) => {
    if (!run) return 0
    const { cascade, buffer } = schedule[i]!
    const bytes = (tensor: number | undefined) => (tensor !== undefined && isFast(tensor) ? maps.get(tensor)!.bytes : 0)
    const [x, y] = [run.primary.tensor, writes?.tensor]
    const shares = !cascade && x !== undefined && y !== undefined && line.lifeOf.has(x) && line.lifeOf.get(x) === line.lifeOf.get(y)
    return bytes(x) + (shares ? 0 : bytes(y)) + (buffer ? buffer.parts[0] + buffer.parts[1] : 0)
  })
  return { others: local.map((bytes, i) => used[line.times[i]!]! - bytes), lifeOf: line.lifeOf }
}
