/** Sums of products over windows, where no compiled kernels are. */
import type { Products } from '../../execute/define.ts'

export function plainProducts(depth: number, channels: number): Products {
  // [i][j][channel], for j from i on.
  const sums = new Float64Array(depth * depth * channels)
  return {
    add(window) {
      for (let i = 0; i < depth; i++)
        for (let j = i; j < depth; j++)
          for (let c = 0, at = (i * depth + j) * channels; c < channels; c++)
            sums[at + c]! += window[i * channels + c]! * window[j * channels + c]!
    },
    matrix(channel) {
      const whole = new Float64Array(depth * depth)
      for (let i = 0; i < depth; i++)
        for (let j = i; j < depth; j++) whole[i * depth + j] = whole[j * depth + i] = sums[(i * depth + j) * channels + channel]!
      return whole
    },
  }
}
