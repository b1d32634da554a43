/** Latency on a runner: initialisation, the first inference and the steady state apart. */
import type { Histogram, LatencyStats, Measurement, Runner } from './define.ts'

export type LatencyOptions = {
  readonly warmUp: number
  /** Runs until both are reached, or `maxMs` has passed; at least two always (some drivers hang on the second). */
  readonly minRuns: number
  readonly minMs: number
  readonly maxMs: number
}

export const latencyDefaults: LatencyOptions = { warmUp: 10, minRuns: 100, minMs: 500, maxMs: 30_000 }

/** Loads `model` into `runner` and times it on one `input` (raw bytes in the input tensor's type). */
export async function measureLatency(
  runner: Runner,
  model: Uint8Array,
  input: Uint8Array,
  { warmUp, minRuns, minMs, maxMs }: LatencyOptions = latencyDefaults,
): Promise<Measurement> {
  const description = await runner.describe()
  const { initMs } = await runner.load(model)
  const first = await runner.invoke(input, 1)
  await runner.invoke(repeat(input, warmUp), warmUp)
  const times: number[] = []
  const chunk = Math.max(2, Math.min(minRuns, 50))
  const batch = repeat(input, chunk)
  for (let spent = 0; (times.length < minRuns || spent < minMs) && (spent < maxMs || times.length < 2); ) {
    const { durationsMs } = await runner.invoke(batch, chunk)
    times.push(...durationsMs)
    spent = times.reduce((a, b) => a + b, 0)
  }
  return { runner: description.runner, description, latency: { initMs, firstMs: first.durationsMs[0]!, ...statistics(times) } }
}

const repeat = (input: Uint8Array, times: number): Uint8Array => {
  const all = new Uint8Array(input.length * times)
  for (let i = 0; i < times; i++) all.set(input, i * input.length)
  return all
}

/** Order statistics by the nearest rank; deviation is the sample's. */
export function statistics(times: readonly number[]): Omit<LatencyStats, 'initMs' | 'firstMs'> {
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
    p99Ms: rank(0.99),
    deviationMs: Math.sqrt(spread),
    medianRangeMs: rangeOf(sorted, 0.5),
    p99RangeMs: rangeOf(sorted, 0.99),
    histogram: histogramOf(sorted),
  }
}

/** Where the quantile lies with 95 % confidence: the ranks that a binomial count reaches, which a bootstrap of the quantile tends to. */
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
