/** What float kernels start their sums from and end them with, for blocks of four channels, as `close.as.ts` reads it. */

const BLOCK = 4

/** The first channel of each block of four; the last block overlaps its neighbour where it would be ragged. */
export const blockStarts = (channels: number): number[] =>
  Array.from({ length: Math.ceil(channels / BLOCK) }, (_, b) => Math.max(0, Math.min(b * BLOCK, channels - BLOCK)))

/** Rooms add a bias after the products of a convolution, and before those of a depthwise one: in double the last bits differ. */
export type BiasStands = 'before' | 'behind'

export function packEnds(
  bias: Float32Array | undefined,
  channels: number,
  stands: BiasStands,
  [low, high]: readonly [number, number],
): Float64Array {
  const starts = blockStarts(channels)
  const ends = new Float64Array(2 + starts.length * 2 * BLOCK)
  ends.set([low, high])
  for (const [block, start] of starts.entries())
    for (let lane = 0; lane < BLOCK && start + lane < channels; lane++) {
      const at = 2 + block * 2 * BLOCK + lane
      const value = bias?.[start + lane] ?? 0
      ends[at] = stands === 'before' ? value : 0
      // What leaves every sum as it is, a negative zero too.
      ends[at + BLOCK] = stands === 'before' ? -0 : value
    }
  return ends
}

/** The float constants of a layer with weights; undefined where they are none, or no numbers: a margin of zeros would make NaN of an infinity. */
export function constants(
  w: { readonly data?: unknown } | undefined,
  b: { readonly data?: unknown } | undefined,
): { readonly weights: Float32Array; readonly bias: Float32Array | undefined } | undefined {
  if (!(w?.data instanceof Float32Array) || (b && !(b.data instanceof Float32Array))) return undefined
  return w.data.every(Number.isFinite) ? { weights: w.data, bias: b?.data as Float32Array | undefined } : undefined
}
