/** What lies in fast memory at which time: maps, rolling buffers of cascades, weights. Each step takes two units of time, a cascade as one. */
import type { Range } from '../../../../../graph/memory/place.ts'
import type { FeatureMap, Operation } from '../operation.ts'
import type { Machine, Schedule, Step, Stored } from './define.ts'

export type Live = {
  readonly tensors: Set<number>
  start: number
  end: number
  bytes: number
  /** Weights of the step at this time, which it brings itself. */
  readonly weightsAt?: number
}

export type Timeline = {
  readonly lives: readonly Live[]
  readonly lifeOf: ReadonlyMap<number, Live>
  /** Of each step. */
  readonly times: readonly number[]
  readonly length: number
}

const touch = (live: Live, from: number, to: number): void => {
  live.start = Math.min(live.start, Math.max(from, 0))
  live.end = Math.max(live.end, to)
}

/** `isFast`: maps that lie in fast memory. Rolling buffers lie there anyway. */
export function timeline({ steps, maps }: Machine, schedule: Schedule, isFast: (tensor: number) => boolean): Timeline {
  const lives: Live[] = []
  const lifeOf = new Map<number, Live>()
  const times: number[] = []
  const timeOf = new Map<number, number>()
  let now = 0
  const begin = (bytes: number, weightsAt?: number): Live => {
    const live = {
      tensors: new Set<number>(),
      start: Number.POSITIVE_INFINITY,
      end: -1,
      bytes,
      ...(weightsAt !== undefined && { weightsAt }),
    }
    lives.push(live)
    return live
  }
  const lifeFor = ({ tensor, bytes }: Stored): Live => {
    const live = lifeOf.get(tensor) ?? begin(bytes)
    live.tensors.add(tensor)
    lifeOf.set(tensor, live)
    return live
  }
  steps.forEach((step, i) => {
    const running = schedule[i]
    const { cascade } = running ?? {}
    const time = cascade ? (timeOf.get(cascade.end) ?? now) : now
    if (cascade) timeOf.set(cascade.end, time)
    const taken = running?.inPlace ? step.run?.primary.tensor : cascade ? undefined : reused(step, maps, isFast)
    if (taken !== undefined && step.writes?.tensor !== undefined) {
      const live = lifeFor(maps.get(taken)!)
      const old = lifeOf.get(step.writes.tensor)
      if (old && old !== live) {
        for (const t of old.tensors) live.tensors.add(t)
        old.tensors.clear()
        old.bytes = 0
      }
      live.tensors.add(step.writes.tensor)
      lifeOf.set(step.writes.tensor, live)
    }
    if (running?.buffer) {
      const { parts, early, double } = running.buffer
      const lastPart = double ? running.slices.length % 2 : 0
      parts.slice(0, double ? 2 : 1).forEach((bytes, part) => {
        const ahead = part === 0 && early ? 1 : 0
        touch(begin(bytes, time), time - ahead, time + (part === lastPart ? 1 : 0))
      })
    }
    times.push(time)
    const rolling = cascade?.buffers.get(i)
    for (const map of [...step.reads, ...(step.writes ? [step.writes] : [])]) {
      const rolls = rolling !== undefined && map.tensor === step.run?.primary.tensor && map !== step.writes
      if (map.tensor === undefined || (!isFast(map.tensor) && !rolls)) continue
      const live = lifeFor(maps.get(map.tensor)!)
      touch(live, time, time + 1)
      if (rolls) live.bytes = rolling
    }
    if (time === now) now += 2
  })
  return { lives: lives.filter(({ end }) => end >= 0), lifeOf, times, length: now + 1 }
}

/** A map whose place the result of an element by element operation takes. */
function reused({ run, reads, writes }: Step, maps: Machine['maps'], isFast: (tensor: number) => boolean): number | undefined {
  if (!run || writes?.tensor === undefined || !isFast(writes.tensor) || !isPointwise(run.op)) return undefined
  return reads.find((map) => isFast(map.tensor!) && sameStorage(map, writes) && mayTake(map, writes, maps))?.tensor
}

export const isPointwise = ({ kind, kernel }: Operation): boolean =>
  kind === 'elementwise' || (kind === 'pooling' && kernel.height * kernel.width === 1)

const sameStorage = (a: FeatureMap, b: FeatureMap): boolean => a.format === b.format && a.shape.join() === b.shape.join()

export function mayTake(from: FeatureMap, to: FeatureMap, maps: Machine['maps']): boolean {
  const [x, y] = [maps.get(from.tensor!), maps.get(to.tensor!)]
  return !!x && !!y && !x.output && from.bits === to.bits && x.readers.length === 1 && y.writers.length === 1
}

const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16

/** Bytes in use at each time. */
export function usedAt({ lives, length }: Timeline): number[] {
  const used = new Array<number>(length).fill(0)
  for (const { start, end, bytes } of lives) for (let t = start; t <= end; t++) used[t]! += aligned(bytes)
  return used
}

/** Bytes of weights that steps at each time bring themselves. */
export function weightsAt({ lives, length }: Timeline): number[] {
  const used = new Array<number>(length).fill(0)
  for (const { weightsAt: t, bytes } of lives) if (t !== undefined) used[t]! += aligned(bytes)
  return used
}

export const rangesOf = ({ lives }: Timeline): Range[] => lives.filter(({ bytes }) => bytes > 0)
