/** Makes the stripes of a cascade as high as fast memory allows. */
import { buffered } from './buffering.ts'
import { type Beside, cascaded } from './cascades.ts'
import type { Cascade, Machine, Running, Schedule } from './define.ts'
import { stripedTo } from './stripes.ts'

export type Setting = {
  readonly whole: Schedule
  readonly times: readonly number[]
  /** Bytes in use and weights among them at each time, in the schedule of the finest stripes. */
  readonly used: readonly number[]
  readonly weights: readonly number[]
  readonly beside: Beside
  readonly limit: number
}

/** How its steps run with the best stripes found; undefined where the finest are. */
export function optimised(machine: Machine, schedule: Schedule, cascade: Cascade, setting: Setting): Map<number, Running> | undefined {
  const { start, end } = cascade
  const { times, used, limit } = setting
  const given = schedule.slice()
  for (let i = Math.max(start - 1, 0); i <= end; i++) {
    const running = given[i]
    if (running) given[i] = { ...running, slackBytes: limit - used[times[i]!]!, slackCycles: running.cycles }
  }
  const proposed = buffered(machine, given, { used: [...used], weights: [...setting.weights], times, limit }, start, end)
  const others = Math.max(0, used[times[start]!]! - cascade.localBytes)
  const beside: Beside = { ...setting.beside, others: machine.steps.map(() => others) }

  const last = machine.steps[end]!.run!.op
  const step = last.upscale ? 2 : 1
  const lowest = Math.ceil((schedule[end]!.stripe[0] + 1) / step) * step
  const highest = Math.floor((last.ofm.shape[0] + 1) / 2)
  let best: Map<number, Running> | undefined
  let most = 0
  for (let rows = lowest; rows <= highest; rows += step) {
    const runs = stripedTo(start, end, rows, machine)
    const stripes = machine.steps.map((_, i) => withWeights(runs.get(i), proposed[i]))
    const found = cascaded(machine, { stripes, whole: setting.whole, times, beside, limit }, start, end)
    const count = new Set([...found.values()].flatMap(({ cascade }) => (cascade ? [cascade] : []))).size
    if (most === 0) most = count
    if (bytesOf(machine, found, others) > limit || count > most) break
    best = found
    if (count === 0) break
  }
  return best
}

/** Cascades bring weights whole or not at all. */
function withWeights(running: Running | undefined, proposed: Running | undefined): Running | undefined {
  if (!running || !proposed?.buffer || proposed.buffer.double) return running
  const { weights, scales } = running.plan.encode(0, running.stripe[2])
  return { ...running, buffer: { double: false, early: false, parts: [weights + scales, 0] } }
}

/** Fast memory that the steps would take if all lay there. */
function bytesOf({ steps, maps }: Machine, runs: ReadonlyMap<number, Running>, others: number): number {
  let most = 0
  for (const [i, { cascade, buffer }] of runs) {
    const { reads, writes } = steps[i]!
    const own = [...reads, ...(writes ? [writes] : [])].reduce((sum, { tensor }) => sum + (maps.get(tensor!)?.bytes ?? 0), 0)
    most = Math.max(most, cascade?.bytes ?? own + others + (buffer ? buffer.parts[0] + buffer.parts[1] : 0))
  }
  return most
}
