/** Why a latency must not be judged. */
import type { Conditions } from '../define.ts'

/** A clock that fell by more than this between the beginning and the end was throttled; cores that idle say other figures, so only a fall counts. */
const fall = 0.9

type Given = {
  readonly narrow: boolean
  readonly medianRangeMs: readonly [number, number]
  readonly asked: { readonly maxMs: number; readonly width: number }
  readonly before: Conditions | undefined
  readonly after: Conditions | undefined
}

export function unstableWhy({ narrow, medianRangeMs: [low, high], asked, before, after }: Given): string | undefined {
  if (before?.governor !== after?.governor) return `the CPU's governor changed from ${before?.governor} to ${after?.governor}`
  if (narrow) return undefined
  const wide = `after ${Math.round(asked.maxMs / 1e3)} s the median is known no better than ${low.toPrecision(3)} to ${high.toPrecision(3)} ms, asked is ${+(asked.width * 100).toPrecision(3)} % of it`
  const clocks = [before?.frequencyMHz, after?.frequencyMHz] as const
  const slowed = clocks[0] !== undefined && clocks[1] !== undefined && clocks[1] < clocks[0] * fall
  return slowed ? `${wide}; the clock fell from ${clocks[0]} to ${clocks[1]} MHz` : wide
}
