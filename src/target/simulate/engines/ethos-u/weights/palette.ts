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

/** A weight as the decoder numbers it: 0, 1 (-0), then +1, -1, +2, -2 … */
const numbered = (weight: number): number => (Math.abs(weight) << 1) | (weight < 0 ? 1 : 0)

function bitsFor(value: number, least: number): number {
  let bits = least
  while (1 << bits <= value) bits++
  return bits
}

/** Runs of zeros are worth their own stream where zero is by far the most frequent weight, and mostly comes in runs. */
function wantsZeroRuns(weights: Int16Array, counts: Int32Array): boolean {
  let [inRuns, run] = [0, 0]
  for (let i = 0; i <= weights.length; i++) {
    if (i < weights.length && weights[i] === 0) run++
    else {
      if (run >= 2) inRuns += run
      run = 0
    }
  }
  let common = 0
  counts.forEach((count, at) => {
    if (at !== 0 && count > common) common = count
  })
  const zeros = counts[0]!
  return inRuns >= Math.floor(zeros / 2) && zeros > 5 * common
}

export function paletteOf(weights: Int16Array): Palette {
  const counts = new Int32Array(512)
  for (let i = 0; i < weights.length; i++) counts[numbered(weights[i]!)]!++
  const zeroRuns = wantsZeroRuns(weights, counts)
  if (zeroRuns) counts[0] = 0
  const used = [...counts.keys()].filter((value) => counts[value]! > 0)
  const total = used.reduce((sum, value) => sum + counts[value]!, 0)
  const largest = Math.max(0, ...used)
  const offset = total === 0 ? 0 : Math.min(31, used[0]!)
  const frequent = used.sort((a, b) => counts[b]! - counts[a]! || b - a)
  const all = frequent.length > 0 && frequent.length <= MAX_ENTRIES
  const room = all ? MAX_ENTRIES : Math.min(MAX_ENTRIES, 511 - largest)
  const entries = frequent.slice(0, room === 1 ? 0 : room)
  if (entries.length === 1) entries.push(0)
  const covered = entries.reduce((sum, value) => sum + counts[value]!, 0)
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
  const indices = new Int16Array(512)
  for (let magnitude = 0; magnitude < 256; magnitude++) {
    const at = entries.length - offset + 2 * magnitude
    indices[256 + magnitude] = at
    indices[256 - magnitude] = at + 1
  }
  entries.forEach((value, place) => {
    indices[256 + (value & 1 ? -(value >> 1) : value >> 1)] = place
  })
  return indices
}
