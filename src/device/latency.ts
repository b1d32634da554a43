/** Latency on a runner: initialisation, the first inference and the steady state apart. */
import type { LatencyStats, Measurement, Runner } from './define.ts'

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
  }
}
