/** The clip of both sides at which the distribution loses least information when it is said in 256 steps. */
import { half } from '../histogram.ts'
import type { Method, Range } from './define.ts'

/** Shares of the full range that are tried. */
const tries = 64

const steps = 255

export const entropy: Method = {
  name: 'entropy',
  says: 'loses least information (Kullback-Leibler divergence of the histogram from what 256 steps say of it)',
  range({ min, max, width, counts: seen }) {
    // Zero, of which ReLU makes many, is exact in every scale: its bin says nothing about resolution.
    const counts = seen.slice()
    counts[half] = Math.min(seen[half]!, Math.max(seen[half - 1]!, seen[half + 1]!))
    const full: Range = { min: Math.min(min, 0), max: Math.max(max, 0) }
    let [best, least] = [full, Number.POSITIVE_INFINITY]
    for (let i = 1; i <= tries; i++) {
      const tried = { min: (full.min * i) / tries, max: (full.max * i) / tries }
      const lost = divergence(counts, width, tried)
      if (lost <= least) [best, least] = [tried, lost]
    }
    return best
  },
}

/**
 * sum p log(p / q) over the bins inside, p with what lies outside added to its edges, q with each step's count spread over the step's
 * filled bins. A bin of the edge that nothing but clipping fills has q = 0; it then counts as if it held one value in 10,000.
 */
function divergence(counts: Float64Array, width: number, { min, max }: Range): number {
  const [first, last] = [Math.floor(min / width) + half, Math.min(counts.length - 1, Math.ceil(max / width) - 1 + half)]
  if (!(last > first)) return Number.POSITIVE_INFINITY
  const [binsPerStep, n] = [(last - first + 1) / steps, last - first + 1]
  const clipped = Float64Array.from(counts.subarray(first, last + 1))
  let total = 0
  for (const [i, count] of counts.entries()) {
    total += count
    if (i < first) clipped[0]! += count
    if (i > last) clipped[n - 1]! += count
  }
  const [sums, filled] = [new Float64Array(steps + 1), new Float64Array(steps + 1)]
  const stepOf = (i: number): number => Math.min(steps, Math.floor(i / Math.max(binsPerStep, 1)))
  for (let i = 0; i < n; i++) {
    sums[stepOf(i)]! += counts[first + i]!
    if (counts[first + i]) filled[stepOf(i)]!++
  }
  let lost = 0
  for (let i = 0; i < n; i++) {
    if (!clipped[i]) continue
    const inside = counts[first + i] ? sums[stepOf(i)]! / filled[stepOf(i)]! : 0
    lost += (clipped[i]! / total) * Math.log(clipped[i]! / Math.max(inside, total * 1e-4))
  }
  return lost
}
