/** The noise of a report's figures: bootstrap intervals of what a finite test set says, order statistics of latency. */
import { key, uniform } from '../../graph/math/random.ts'
import type { Accuracy, Report } from '../define.ts'
import { intervalOf, type Range, resamples, seed } from './interval.ts'

/** 95 % intervals by metric. A metric without one is the same in each run of the same file. */
export function ranges({ float, int8, runs, noise }: Omit<Report, 'verdict'>): Readonly<Record<string, Range | undefined>> {
  const measured = runs.flatMap((run) => (run.measurement ? [run.measurement.latency] : []))
  const slowest = <K extends 'medianMs' | 'p99Ms'>(what: K) => [...measured].sort((a, b) => (b[what] ?? 0) - (a[what] ?? 0))[0]
  const latency = { runnerMedianMs: slowest('medianMs')?.medianRangeMs, runnerP99Ms: slowest('p99Ms')?.p99RangeMs }
  // Pixels of one image go together: their counts say nothing of how the figures vary from set to set.
  const known: Readonly<Record<string, Range | undefined>> = { ...(int8.pixels === undefined && byClass(float, int8)), ...noise }
  // A runner saw the same images, or the first of them.
  const device = runs.some((run) => run.agreement) && { deviceAccuracy: known.int8Accuracy, deviceMeanIou: known.int8MeanIou }
  return { ...known, ...device, ...latency }
}

function byClass(float: Accuracy, int8: Accuracy): Readonly<Record<string, Range>> {
  const f = draws(float, 0)
  const q = draws(int8, 1)
  return {
    floatAccuracy: intervalOf(f.map((d) => d.accuracy)),
    int8Accuracy: intervalOf(q.map((d) => d.accuracy)),
    // Drawn apart, and so wider than it need be, where the run did not keep which images each got right.
    accuracyDrop: intervalOf(f.map((d, i) => d.accuracy - q[i]!.accuracy)),
    lowestRecall: intervalOf(q.map((d) => d.lowest)),
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
