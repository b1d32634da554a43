/** Gives every region of several programs its address: kept ones side by side, the others in one arena by their lifetimes. */
import type { Range } from '../../../graph/memory/place.ts'
import { planRanges } from '../../../graph/memory/plan.ts'
import type { Program } from '../../../wasm/program.ts'
import { type Draft, isPlace, type Region } from './region.ts'

type Stages = readonly (readonly (readonly Draft[])[])[]

const aligned = (bytes: number) => Math.ceil(bytes / 64) * 64
/** Kernels may read 12 bytes past a region (kernels/lanes.as.ts). */
const slack = 16

/** First and last stage of each region that is not kept. */
function lifetimes(stages: Stages): Map<Region, { start: number; end: number }> {
  const lives = new Map<Region, { start: number; end: number }>()
  for (const [stage, parts] of stages.entries()) {
    for (const calls of parts)
      for (const { args } of calls)
        for (const arg of args) {
          if (typeof arg === 'number') continue
          const region = isPlace(arg) ? arg.region : arg
          const life = lives.get(region)
          if (life) life.end = stage
          else if (!region.kept) lives.set(region, { start: stage, end: stage })
        }
  }
  return lives
}

/** Pairs of regions that the search for a small arena may look at: hundreds of regions, as ERFNet has, would take it half a minute. */
const planned = 3e7

/**
 * Sets the addresses, from `start` on; returns the bytes in all. Programs do not run at the same time, so each one's
 * passing regions use the same arena; a region must not pass in two of them. `pinned` regions live through the whole program.
 */
export function layOut(kept: readonly Region[], programs: readonly { stages: Stages; pinned: readonly Region[] }[], start: number): number {
  let top = aligned(start)
  for (const region of kept) {
    region.address = top
    top = aligned(top + region.bytes + slack)
  }
  let arena = 0
  for (const { stages, pinned } of programs) {
    const lives = lifetimes(stages)
    for (const region of pinned) lives.set(region, { start: 0, end: stages.length - 1 })
    const regions = [...lives.keys()]
    const ranges: Range[] = regions.map((region) => ({ ...lives.get(region)!, bytes: region.bytes + slack }))
    const plan = planRanges(ranges, { alignment: 64, iterations: Math.min(300, Math.floor(planned / ranges.length ** 2)) })
    for (const [i, region] of regions.entries()) region.address = top + plan.offsets[i]!
    arena = Math.max(arena, plan.bytes)
  }
  return top + arena
}

/** The calls with addresses for regions. */
export function resolve(stages: Stages): Program {
  const number = (arg: Draft['args'][number]) =>
    typeof arg === 'number' ? arg : isPlace(arg) ? arg.region.address + arg.offset : arg.address
  return stages.map((parts) => parts.map((calls) => calls.map(({ kernel, args }) => ({ kernel, args: args.map(number) }))))
}
