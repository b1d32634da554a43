/** What calibration saw of one tensor: extremes, and counts in bins whose width is a power of two. */

/** Bins on each side of zero. */
export const half = 2048

/** Bin `i` counts values in [(i - half) · width, (i - half + 1) · width). The same values give the same histogram in any order. */
export type Seen = {
  readonly min: number
  readonly max: number
  readonly count: number
  readonly width: number
  readonly counts: Float64Array
}

/** Grows a histogram value by value. When a value falls outside, neighbouring bins merge and the width doubles. */
export class Histogram implements Seen {
  min = Number.POSITIVE_INFINITY
  max = Number.NEGATIVE_INFINITY
  count = 0
  width = 2 ** -40
  counts = new Float64Array(2 * half)

  /** False where the values hold a NaN or an infinity; nothing is counted then. */
  add(values: ArrayLike<number>): boolean {
    let [low, high] = [this.min, this.max]
    for (let i = 0; i < values.length; i++) {
      const v = values[i]!
      if (!(Math.abs(v) < Number.POSITIVE_INFINITY)) return false
      if (v < low) low = v
      if (v > high) high = v
    }
    ;[this.min, this.max] = [low, high]
    while (high >= this.width * half || low < -this.width * half) this.#widen()
    const perBin = 1 / this.width
    const { counts } = this
    for (let i = 0; i < values.length; i++) counts[Math.floor(values[i]! * perBin) + half]!++
    this.count += values.length
    return true
  }

  #widen(): void {
    const merged = new Float64Array(2 * half)
    if (this.count) for (let i = 0; i < 2 * half; i++) merged[(i + half) >> 1]! += this.counts[i]!
    this.counts = merged
    this.width *= 2
  }
}
