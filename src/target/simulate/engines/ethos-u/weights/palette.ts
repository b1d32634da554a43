/** The palette of a weight stream: which values get the short indices, and whether runs of zeros are coded apart. */

export type Palette = {
  /** Index of weight w, at w + 256. */
  readonly indices: Int16Array
  readonly size: number
  /** Bits of one palette entry; without a palette, of one plain weight. */
  readonly bits: number
  readonly zeroRuns: boolean
  readonly onlyZeros: boolean
  /** Bits of a weight in plain coding; 0 where plain coding is not possible. */
  readonly plainBits: number
}

const MAX_ENTRIES = 32

/** How often each weight occurs, at weight + 256. */
export const HISTOGRAM = 512

/** Weights as the decoder numbers them: 0, 1 (-0), then +1, -1, +2, -2 … */
const weightOf = (number: number): number => (number & 1 ? -(number >> 1) : number >> 1)

function bitsFor(value: number, least: number): number {
  let bits = least
  while (1 << bits <= value) bits++
  return bits
}

/** Runs of zeros are worth their own stream where zero is by far the most frequent weight, and mostly comes in runs. */
function wantsZeroRuns(weights: Int16Array, counts: Int32Array): boolean {
  const zeros = counts[256]!
  for (let at = 0; at < HISTOGRAM; at++) if (at !== 256 && 5 * counts[at]! >= zeros) return false
  let [inRuns, run] = [0, 0]
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) run++
    else {
      if (run >= 2) inRuns += run
      run = 0
    }
  }
  return inRuns + (run >= 2 ? run : 0) >= Math.floor(zeros / 2)
}

/** `histogram` is that of the weights. */
export function paletteOf(weights: Int16Array, histogram: Int32Array): Palette {
  const zeroRuns = wantsZeroRuns(weights, histogram)
  const counts = new Int32Array(HISTOGRAM)
  const frequent: number[] = []
  let total = 0
  for (let number = zeroRuns ? 2 : 0; number < HISTOGRAM; number++) {
    const count = number === 1 ? 0 : histogram[256 + weightOf(number)]!
    if (count === 0) continue
    counts[number] = count
    frequent.push(number)
    total += count
  }
  const largest = frequent.at(-1) ?? 0
  const offset = Math.min(31, frequent[0] ?? 0)
  frequent.sort((a, b) => counts[b]! - counts[a]! || b - a)
  const all = frequent.length > 0 && frequent.length <= MAX_ENTRIES
  const room = all ? MAX_ENTRIES : Math.min(MAX_ENTRIES, HISTOGRAM - 1 - largest)
  const entries = frequent.slice(0, room === 1 ? 0 : room)
  if (entries.length === 1) entries.push(0)
  const covered = entries.reduce((sum, number) => sum + counts[number]!, 0)
  const size = covered >= Math.floor(total / 2) ? entries.length : 0
  const bits = bitsFor(size > 0 ? Math.max(...entries) : largest, 2)
  return {
    indices: indicesOf(entries.slice(0, size), offset),
    size,
    bits,
    zeroRuns,
    onlyZeros: total === 0,
    plainBits: all ? bitsFor(Math.max(size, 1) - 1, 0) : size === 0 ? bits : 0,
  }
}

/** Palette values by their place, all others behind the palette in the order of their number. */
function indicesOf(entries: readonly number[], offset: number): Int16Array {
  const indices = new Int16Array(HISTOGRAM)
  for (let magnitude = 0; magnitude < 256; magnitude++) {
    const at = entries.length - offset + 2 * magnitude
    indices[256 + magnitude] = at
    indices[256 - magnitude] = at + 1
  }
  entries.forEach((number, place) => {
    indices[256 + weightOf(number)] = place
  })
  return indices
}
