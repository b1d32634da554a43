/** How sure a median is, though neighbours in time are alike: a bootstrap over blocks. */
import { key, uniform } from '../../graph/math/random.ts'

const draws = 1_000

/**
 * 95 % interval of the median, from the medians of blocks in the order of time, drawn again whole (block bootstrap, Künsch 1989): what
 * drifts from block to block, such as a clock that heats, or where a load put the model in memory, widens it, which an interval over
 * single times would miss. It always holds `medianMs`. One block says nothing: the interval is all of it.
 */
export function medianRange(blocks: readonly number[], medianMs: number): [number, number] {
  const made = Array.from({ length: draws }, (_, n) => {
    const draw = key(n, 'test', 88)
    return medianOf(blocks.map((_, i) => blocks[Math.floor(uniform(draw, i) * blocks.length)]!))
  }).sort((a, b) => a - b)
  const at = (share: number) => made[Math.round(share * (draws - 1))]!
  return [Math.min(medianMs, at(0.025)), Math.max(medianMs, at(0.975))]
}

/**
 * What a process of the same model differs by for reasons that it keeps from its beginning to its end, and so hides from an interval over
 * its own blocks: measured by test/bench/latency.ts, medians of 10 processes lie within 0.3 % of one another, on a quiet machine and on a
 * busy one. It joins the interval as an uncertainty of type B (JCGM 100, 4.3).
 */
const betweenProcesses = 0.004

/** The interval in which the median of another run is to be expected. */
export const acrossRuns = ([low, high]: readonly [number, number], medianMs: number): [number, number] => [
  low - betweenProcesses * medianMs,
  high + betweenProcesses * medianMs,
]

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
