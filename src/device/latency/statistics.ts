/** What a list of times says: order statistics, their intervals, a histogram. */
import type { Histogram, LatencyStats } from '../define.ts'

/** Order statistics by the nearest rank; deviation is the sample's. */
export function statistics(times: readonly number[]): Omit<LatencyStats, 'initMs' | 'firstMs' | 'medianRangeMs'> {
  const sorted = [...times].sort((a, b) => a - b)
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
  const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length
  const spread = sorted.reduce((sum, t) => sum + (t - mean) ** 2, 0) / Math.max(1, sorted.length - 1)
  return {
    runs: sorted.length,
    minMs: sorted[0]!,
    medianMs: rank(0.5),
    meanMs: mean,
    p90Ms: rank(0.9),
    p95Ms: rank(0.95),
    p99Ms: rank(0.99),
    deviationMs: Math.sqrt(spread),
    p99RangeMs: rangeOf(sorted, 0.99),
    histogram: histogramOf(sorted),
  }
}

/** Where the quantile lies with 95 % confidence: the ranks that a binomial count reaches, free of a distribution. */
function rangeOf(sorted: readonly number[], share: number): [number, number] {
  const n = sorted.length
  const half = 1.96 * Math.sqrt(n * share * (1 - share))
  const at = (rank: number) => sorted[Math.min(n - 1, Math.max(0, rank))]!
  return [at(Math.floor(n * share - half)), at(Math.ceil(n * share + half) - 1)]
}

const bins = 40

/** Times of zero, which a coarse clock gives, count as the smallest that are not. */
function histogramOf(sorted: readonly number[]): Histogram {
  const low = sorted.find((t) => t > 0) ?? 1e-6
  const high = Math.max(sorted.at(-1)!, low * 1.01)
  const step = Math.log(high / low) / bins
  const counts = new Array<number>(bins).fill(0)
  for (const t of sorted) counts[Math.min(bins - 1, Math.floor(Math.log(Math.max(t, low) / low) / step))]!++
  return { edgesMs: Array.from({ length: bins + 1 }, (_, i) => Number((low * Math.exp(step * i)).toPrecision(5))), counts }
}
