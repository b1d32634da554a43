/** Leaves out the outermost 0.01 % of the values on each side; a fixed share that suits no network always. */
import { half } from '../histogram.ts'
import type { Method } from './define.ts'

const share = 1e-4

export const percentile: Method = {
  name: 'percentile',
  says: 'clips the outermost 0.01 % on each side',
  range({ min, max, count, width, counts }) {
    const spare = share * count
    let [low, high] = [0, counts.length - 1]
    for (let sum = counts[low]!; low < high && sum <= spare; sum += counts[++low]!);
    for (let sum = counts[high]!; high > low && sum <= spare; sum += counts[--high]!);
    return { min: Math.max(min, (low - half) * width), max: Math.min(max, (high + 1 - half) * width) }
  },
}
