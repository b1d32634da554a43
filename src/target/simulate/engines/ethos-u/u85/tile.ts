/** Cutting an extent into pieces of much the same size. */
import { roundUp } from '../operation.ts'

/** Size of the pieces where `most` pieces of size `tile` do not come out even. */
export function granularTile(range: number, granule: number, tile: number): number {
  return range % tile === 0 ? tile : Math.max(roundUp(Math.floor(range / (Math.floor(range / tile) + 1)), granule), granule)
}

/** The size near `tile` that leaves the largest last piece; a whole number of pieces is best. */
export function bestTile(range: number, granule: number, tile: number): number {
  if (range % tile === 0) return tile
  const even = granularTile(range, granule, tile)
  const least = Math.max(Math.max(even - granule * 2, Math.floor((even + 1) / 2)), granule)
  let [best, rest] = [tile, range % tile]
  for (let size = tile; size >= least; size -= granule) {
    const last = range % size || size
    if (last > rest) [best, rest] = [size, last]
  }
  return best
}
