/** Which feature maps lie in fast memory where not all can: those that are read and written most, as Regor chooses. */
import { elements } from '../transfer.ts'
import type { Machine, Schedule } from './define.ts'
import { type Live, timeline, usedAt } from './live.ts'

/** Maps that are weighed against each other at once, at most. */
const MOST_TOGETHER = 20
/** The score of a map that a cascade reads beside its rolling buffer. */
const MOST_ACCESS = 2 ** 31 - 1

const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16

/** Tensors in fast memory; `held` are there anyway. */
export function fastMaps(machine: Machine, schedule: Schedule, limit: number, held: ReadonlySet<number>): Set<number> {
  const { steps, maps } = machine
  const wanted = new Set<number>()
  steps.forEach(({ run, writes }, i) => {
    const map = writes?.tensor === undefined ? undefined : maps.get(writes.tensor)
    if (run && map && !schedule[i]!.cascade && map.readers.length > 0 && !map.cpuReads && !map.output && !held.has(map.tensor))
      wanted.add(map.tensor)
  })
  const fast = new Set([...wanted, ...held])
  const line = timeline(machine, schedule, (tensor) => fast.has(tensor))
  const most = usedAt(line)
  const base = [...most]
  const add = (used: number[], { start, end, bytes }: Live, sign: number) => {
    for (let t = start; t <= end; t++) used[t]! += sign * aligned(bytes)
  }
  const evict = (live: Live) => {
    add(most, live, -1)
    for (const t of live.tensors) if (!held.has(t)) fast.delete(t)
  }
  const peak = (used: readonly number[], { start, end }: Live) => used.slice(start, end + 1).reduce((top, bytes) => Math.max(top, bytes), 0)
  const candidates = line.lives.filter(({ tensors }) => [...tensors].some((t) => wanted.has(t)))
  const fits = most.every((bytes) => bytes <= limit)
  for (const live of candidates) add(base, live, -1)
  const switches = steps.flatMap(({ run }, i) => (run ? [] : [line.times[i]!]))
  const apart = candidates.filter(({ start, end }) => switches.some((t) => start <= t && t <= end))
  for (const live of apart) evict(live)
  const inside = candidates.filter((live) => !apart.includes(live))
  if (!fits) {
    const able = inside.filter((live) => {
      const may = peak(base, live) + aligned(live.bytes) <= limit
      if (!may) evict(live)
      return may
    })
    const competing = able.filter((live) => {
      const free = peak(most, live) <= limit
      if (free) add(base, live, 1)
      return !free
    })
    for (const group of together(competing)) {
      const gone = leastLoss(group, accessOf(machine, schedule), { base, most, limit, add, peak })
      group.forEach((live, i) => {
        if (gone[i]) evict(live)
        else add(base, live, 1)
      })
    }
  }
  alike(machine, schedule, fast)
  return fast
}

/** Runs of maps that live at one time. */
function together(lives: readonly Live[]): Live[][] {
  const groups: Live[][] = []
  let end = -1
  for (const live of lives) {
    const group = groups.at(-1)
    if (group && live.start <= end && group.length <= MOST_TOGETHER) group.push(live)
    else {
      groups.push([live])
      end = live.end
    }
    end = Math.max(end, live.end)
  }
  return groups
}

/** Elements read from and written to the maps of a range. */
function accessOf({ steps, maps, generation }: Machine, schedule: Schedule): (live: Live) => number {
  return ({ tensors }) => {
    let access = 0
    for (const tensor of tensors) {
      const { readers, writers } = maps.get(tensor)!
      const inCascade = readers.some((r) => schedule[r]?.cascade && r > schedule[r].cascade.start)
      if (inCascade) {
        access = MOST_ACCESS
        continue
      }
      const count = (i: number) => elements(steps[i]!.run!.op, schedule[i]!.plan.block, generation)
      for (const r of readers) {
        const { run } = steps[r]!
        if (!run) continue
        if (run.op.ifm.tensor === tensor) access += count(r).inputs[0] ?? 0
        else if (run.op.ifm2?.tensor === tensor) access += count(r).inputs[1] ?? 0
      }
      for (const w of writers) if (steps[w]!.run) access += count(w).output
    }
    return access
  }
}

type Room = {
  readonly base: number[]
  readonly most: number[]
  readonly limit: number
  add(used: number[], live: Live, sign: number): void
  peak(used: readonly number[], live: Live): number
}

/** Which ranges of a group to leave outside, so that those inside are accessed most: every choice is tried. */
function leastLoss(group: readonly Live[], access: (live: Live) => number, { base, most, limit, add, peak }: Room): boolean[] {
  const scores = group.map(access)
  const gone = new Array<boolean>(group.length).fill(false)
  let best: { readonly score: number; readonly gone: boolean[] } = { score: 0, gone: [...gone] }
  const attempt = (i: number, score: number): void => {
    const live = group[i]
    if (!live) {
      if (score > best.score || best.score === 0) best = { score, gone: [...gone] }
      return
    }
    const fits = peak(base, live) + aligned(live.bytes) <= limit
    const always = fits && peak(most, live) <= limit
    if (fits) {
      gone[i] = false
      add(base, live, 1)
      attempt(i + 1, score + scores[i]!)
      add(base, live, -1)
    }
    if (always) return
    gone[i] = true
    add(most, live, -1)
    attempt(i + 1, score)
    add(most, live, 1)
  }
  attempt(0, 0)
  return best.gone
}

/** Both inputs of an elementwise operation lie in the same memory: where one is outside, the other goes there too, if none but such operations reads it. */
function alike({ steps, maps }: Machine, schedule: Schedule, fast: Set<number>): void {
  steps.forEach(({ run, reads }, i) => {
    const { cascade } = schedule[i] ?? {}
    if (!run || (cascade && i > cascade.start)) return
    const inputs = reads.map(({ tensor }) => tensor!)
    if (inputs.every((tensor) => fast.has(tensor))) return
    for (const tensor of inputs) if (maps.get(tensor)!.readers.every((r) => steps[r]!.run?.op.kind === 'elementwise')) fast.delete(tensor)
  })
}
