/** Packs what requantisation needs for blocks of eight channels, as `requantise.as.ts` reads it. */

/** One entry a channel. */
export type Multipliers = { readonly mantissa: Int32Array; readonly shift: Int32Array }

/** The kernels' three ways to requantise. */
export const modes = { right: 0, any: 1, single: 2 } as const

const BLOCK = 8

/** The first channel of each block of eight; the last block overlaps its neighbour where it would be ragged. */
export const blockStarts = (channels: number): number[] =>
  Array.from({ length: Math.ceil(channels / BLOCK) }, (_, b) => Math.max(0, Math.min(b * BLOCK, channels - BLOCK)))

/** Whether the kernels can hold these shifts; no real layer has others. */
export const representable = ({ shift }: Multipliers): boolean => shift.every((s) => s >= -31 && s <= 30)

export function packChannels(bias: Int32Array, { mantissa, shift }: Multipliers, once: boolean): { words: Int32Array; mode: number } {
  const starts = blockStarts(bias.length)
  const words = new Int32Array(starts.length * 7 * BLOCK)
  starts.forEach((start, block) => {
    for (let lane = 0; lane < BLOCK && start + lane < bias.length; lane++) {
      const [channel, at] = [start + lane, block * 7 * BLOCK + lane]
      const exponent = shift[channel]!
      const right = Math.max(0, -exponent)
      const fields = [
        bias[channel]!,
        mantissa[channel]!,
        right > 0 ? 2 ** (right - 1) : 0,
        right > 0 ? 2 ** (32 - right) : 0,
        2 ** Math.max(0, exponent),
        right > 0 ? 0 : -1,
        31 - exponent,
      ]
      fields.forEach((value, field) => {
        words[at + field * BLOCK] = value
      })
    }
  })
  return { words, mode: once ? modes.single : shift.some((s) => s >= 0) ? modes.any : modes.right }
}

/** bias - zero x sum of the channel's weights, modulo 2^32: what an accumulator of raw inputs starts from. */
export const foldZero = (bias: Int32Array | undefined, zero: number, sums: Int32Array): Int32Array =>
  sums.map((sum, c) => ((bias?.[c] ?? 0) - Math.imul(zero, sum)) | 0)
