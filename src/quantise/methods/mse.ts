/** The range whose expected squared error (rounding inside, clipping outside) is smallest on the histogram. */
import { half } from '../histogram.ts'
import type { Method, Range } from './define.ts'

/** Shares of the full range that are tried for each side. */
const tries = 40

export const mse: Method = {
  name: 'mse',
  says: 'weighs clipping against resolution by squared error',
  range({ min, max, width, counts }) {
    const filled: [centre: number, count: number][] = []
    for (const [i, n] of counts.entries()) if (n) filled.push([(i + 0.5 - half) * width, n])
    const error = ({ min, max }: Range): number => {
      const step = (max - min) / 255
      let sum = 0
      for (const [x, n] of filled) {
        const over = x > max ? x - max : x < min ? min - x : 0
        sum += n * (over * over + (step * step) / 12)
      }
      return sum
    }
    let best: Range = { min: Math.min(min, 0), max: Math.max(max, 0) }
    let least = error(best)
    // One side after the other, twice: the error is nearly separable in them.
    for (let turn = 0; turn < 2; turn++)
      for (const side of ['min', 'max'] as const)
        for (let i = 1; i <= tries; i++) {
          const tried = { ...best, [side]: ((side === 'min' ? Math.min(min, 0) : Math.max(max, 0)) * i) / tries }
          const e = tried.max > tried.min ? error(tried) : Number.POSITIVE_INFINITY
          if (e < least) [best, least] = [tried, e]
        }
    return best
  },
}
