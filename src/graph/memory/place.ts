/** First fit: puts ranges of memory at the lowest address that no simultaneous range holds, in a given order. */

/** Bytes that must stay untouched from step `start` to step `end`, both included. */
export type Range = { readonly start: number; readonly end: number; readonly bytes: number }

export const overlapInTime = (a: Range, b: Range): boolean => a.start <= b.end && b.start <= a.end

export type Placement = {
  readonly bytes: number
  /** Address of each range, in the order of the ranges. */
  readonly offsets: Int32Array
  /** The position at which each range had its turn. */
  readonly turns: Int32Array
  /** The range that pushed each one up last, or -1. */
  readonly below: Int32Array
}

/** For each range, the indices of the others that live at some time with it. */
export function neighboursOf(ranges: readonly Range[]): readonly Int32Array[] {
  return ranges.map((a, i) => Int32Array.from(ranges.flatMap((b, j) => (i !== j && overlapInTime(a, b) ? [j] : []))))
}

/** Places every range in `order`; stops early, with the size so far, once `limit` is passed. */
export function place(ranges: readonly Range[], neighbours: readonly Int32Array[], order: Int32Array, limit: number): Placement {
  const offsets = new Int32Array(ranges.length).fill(-1)
  const turns = new Int32Array(ranges.length)
  const below = new Int32Array(ranges.length).fill(-1)
  let bytes = 0
  for (let turn = 0; turn < order.length && bytes <= limit; turn++) {
    const i = order[turn]!
    const size = ranges[i]!.bytes
    let address = 0
    for (let moved = true; moved; ) {
      moved = false
      for (const j of neighbours[i]!) {
        const end = offsets[j]! + ranges[j]!.bytes
        if (offsets[j]! >= 0 && offsets[j]! < address + size && end > address) {
          address = end
          below[i] = j
          moved = true
        }
      }
    }
    offsets[i] = address
    turns[i] = turn
    bytes = Math.max(bytes, address + size)
  }
  return { bytes, offsets, turns, below }
}
