/**
 * Packs live ranges into an arena: first fit in order of urgency, then a hill climb over the order until the lower
 * bound is met (the approach of Arm Vela's default allocator, npu-facts 5).
 */
import { bits, key } from '../math/random.ts'
import { neighboursOf, type Placement, place, type Range } from './place.ts'

export type Plan = {
  /** Size of the arena. */
  readonly bytes: number
  /** Address of each range, in the order given. */
  readonly offsets: readonly number[]
  /** The largest sum of sizes that live at one time: no plan is smaller. */
  readonly lowerBound: number
}

export type PlanOptions = { readonly alignment?: number; readonly seed?: number; readonly iterations?: number }

/** Sum of bytes alive at each step. */
export function usage(ranges: readonly Range[]): number[] {
  const used = new Array<number>(ranges.reduce((last, r) => Math.max(last, r.end + 1), 0)).fill(0)
  for (const r of ranges) for (let t = r.start; t <= r.end; t++) used[t]! += r.bytes
  return used
}

/** Urgent first, then long, then early, then large, then as given. */
function byUrgency(ranges: readonly Range[], used: readonly number[]): Int32Array {
  const urgency = ranges.map((r) => Math.max(0, ...used.slice(r.start, r.end + 1)))
  const order = ranges.map((_, i) => i)
  order.sort((a, b) => {
    const x = ranges[a]!
    const y = ranges[b]!
    return urgency[b]! - urgency[a]! || y.end - y.start - (x.end - x.start) || x.start - y.start || y.bytes - x.bytes || a - b
  })
  return Int32Array.from(order)
}

/** The turns of the ranges that hold up the highest one: what lies below it and below its neighbours. */
function blamed(placed: Placement, neighbours: readonly Int32Array[], highest: number): number[] {
  const turns = new Set<number>()
  for (const start of [highest, ...neighbours[highest]!]) {
    for (let i = start; i >= 0; i = placed.below[i]!) turns.add(placed.turns[i]!)
  }
  return [...turns].sort((a, b) => a - b)
}

/** Offsets such that ranges alive at one time never overlap; the same input gives the same plan. */
export function planRanges(given: readonly Range[], { alignment = 16, seed = 1, iterations = 99_999 }: PlanOptions = {}): Plan {
  const ranges = given.map((r) => ({ ...r, bytes: Math.ceil(r.bytes / alignment) * alignment }))
  const used = usage(ranges)
  const lowerBound = Math.max(0, ...used)
  const neighbours = neighboursOf(ranges)
  let order = byUrgency(ranges, used)
  let best = place(ranges, neighbours, order, Number.POSITIVE_INFINITY)
  const stream = key(seed, 'arena')
  let draws = 0
  const draw = (n: number) => bits(stream, draws++) % n
  // Sizes do not improve for ever: 500 steps without one end the search, after 50 it takes wider steps.
  for (let i = 0, improved = 0; best.bytes > lowerBound && i < iterations && i - improved <= 500; i++) {
    const highest = ranges.reduce((top, r, j) => (best.offsets[j]! + r.bytes > best.offsets[top]! + ranges[top]!.bytes ? j : top), 0)
    const turns = blamed(best, neighbours, highest)
    const next = order.slice()
    const near = new Set(neighbours[highest])
    const strangers = turns.filter((t) => order[t] !== highest && !near.has(order[t]!))
    const first = strangers.length > 0 && draw(100) < 30 ? strangers : turns
    swap(next, first[draw(first.length)]!, turns[draw(turns.length)]!)
    if (i - improved > 50) swap(next, draw(next.length), draw(next.length))
    const placed = place(ranges, neighbours, next, best.bytes)
    if (placed.bytes <= best.bytes) {
      if (placed.bytes < best.bytes) improved = i
      best = placed
      order = next
    }
  }
  return { bytes: best.bytes, offsets: [...best.offsets], lowerBound }
}

function swap(order: Int32Array, a: number, b: number): void {
  const held = order[a]!
  order[a] = order[b]!
  order[b] = held
}
