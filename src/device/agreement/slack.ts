/** What a device that prints decimals can still tell apart. */
import type { Tensor } from '../../graph/ir/graph.ts'

/**
 * Steps of `output` that printing with `decimals` may move an element by, both roundings counted: a value is off by at most half
 * a unit of its last place, so 3 decimals lose nothing where a step is above 0.001, as a softmax's 1/256 is.
 */
export function slackOf({ quant, dtype }: Pick<Tensor, 'quant' | 'dtype'>, decimals: number | undefined): number {
  if (decimals === undefined) return 0
  const half = 0.5 * 10 ** -decimals
  if (dtype === 'float32') return half
  // 1e-6: a value that lies on the border of two steps in decimal need not do so in binary.
  return Math.floor(half / (quant?.scale[0] ?? 1) + 0.5 + 1e-6)
}
