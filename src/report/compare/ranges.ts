/** The noise of a report's figures: bootstrap intervals of what a finite test set says, order statistics of latency. */
import { key, uniform } from '../../graph/math/random.ts'
import type { Accuracy, Report } from '../define.ts'

export type Range = readonly [number, number]

/** Each draws the whole test set again, class by class. */
const resamples = 200
const seed = 1

/** 95 % intervals by metric. A metric without one is the same in each run of the same file. */
export function ranges({ float, int8, runs }: Omit<Report, 'verdict'>): Readonly<Record<string, Range | undefined>> {
  const measured = runs.flatMap((run) => (run.measurement ? [run.measurement.latency] : []))
  const slowest = <K extends 'medianMs' | 'p99Ms'>(what: K) => [...measured].sort((a, b) => (b[what] ?? 0) - (a[what] ?? 0))[0]
  const latency = { runnerMedianMs: slowest('medianMs')?.medianRangeMs, runnerP99Ms: slowest('p99Ms')?.p99RangeMs }
  // Pixels of one image go together: their counts say nothing of how the figures vary from set to set.
  if (int8.pixels !== undefined) return latency
  const f = draws(float, 0)
  const q = draws(int8, 1)
  const accuracy = intervalOf(q.map((d) => d.accuracy))
  return {
    floatAccuracy: intervalOf(f.map((d) => d.accuracy)),
    int8Accuracy: accuracy,
    // The same images, drawn apart: the report does not say which of them each got right, so that this is wider than it need be.
    accuracyDrop: intervalOf(f.map((d, i) => d.accuracy - q[i]!.accuracy)),
    lowestRecall: intervalOf(q.map((d) => d.lowest)),
    // A runner saw the same images, or the first of them.
    ...(runs.some((run) => run.agreement) && { deviceAccuracy: accuracy }),
    ...latency,
  }
}

type Draw = { readonly accuracy: number; readonly lowest: number }

/** The bootstrap (Efron 1979) within each class: how many of its images are right when they are drawn again. */
function draws({ confusion, samples }: Accuracy, stream: number): Draw[] {
  const classes = confusion.map((row, actual) => ({ count: row.reduce((a, b) => a + b, 0), right: row[actual] ?? 0 }))
  return Array.from({ length: resamples }, (_, n) => {
    const draw = key(seed, 'test', stream, n)
    let [element, right, lowest] = [0, 0, 1]
    for (const { count, right: hits } of classes) {
      let again = 0
      if (hits === count) again = count
      else for (let i = 0; i < count; i++) if (uniform(draw, element++) * count < hits) again++
      right += again
      if (count > 0) lowest = Math.min(lowest, again / count)
    }
    return { accuracy: samples ? right / samples : 0, lowest }
  })
}

function intervalOf(values: readonly number[]): Range {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!
  return [at(0.025), at(0.975)]
}
