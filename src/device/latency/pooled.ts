/** Many blocks whose single times nobody told, as one. */
import type { LatencyStats, Timing } from '../define.ts'
import { medianOf } from './median-range.ts'

/** Count, least, mean and deviation are those of all runs; the median is that of the medians, p95 the largest: their times are not known. */
export function pooled(blocks: readonly Timing[]): Omit<LatencyStats, 'initMs' | 'firstMs' | 'medianRangeMs'> {
  const runs = blocks.reduce((sum, block) => sum + block.runs, 0)
  const meanMs = blocks.reduce((sum, block) => sum + block.meanMs * block.runs, 0) / runs
  const square = blocks.reduce((sum, { runs: n, meanMs: mean, deviationMs }) => sum + n * (deviationMs ** 2 + (mean - meanMs) ** 2), 0)
  const tails = blocks.flatMap(({ p95Ms }) => (p95Ms === undefined ? [] : [p95Ms]))
  return {
    runs,
    minMs: Math.min(...blocks.map((block) => block.minMs)),
    medianMs: medianOf(blocks.map((block) => block.medianMs)),
    meanMs,
    ...(tails.length && { p95Ms: Math.max(...tails) }),
    deviationMs: Math.sqrt(square / runs),
  }
}
