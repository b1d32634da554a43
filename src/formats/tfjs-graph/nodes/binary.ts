/** Operators of two tensors; with a constant for each channel they are a normalisation, which can be folded. */

import { add } from '../../../graph/ops/add.ts'
import type { AnyOp } from '../../../graph/ops/define.ts'
import { maximum } from '../../../graph/ops/maximum.ts'
import { minimum } from '../../../graph/ops/minimum.ts'
import { mul } from '../../../graph/ops/mul.ts'
import { sub } from '../../../graph/ops/sub.ts'
import { affine } from '../../affine.ts'
import type { NodeImporter } from '../define.ts'
import { tensorAt } from '../operands.ts'

/** `by` says gain and shift of x from a constant on the right, or on the left where the order does not matter. */
function binary(
  ops: readonly string[],
  def: AnyOp,
  by?: (constant: ArrayLike<number>) => readonly [ArrayLike<number>, ArrayLike<number>],
): NodeImporter {
  return {
    ops,
    add(node, inputs, graph) {
      const [a, b] = inputs
      const [x, c] = b && 'constant' in b ? [a, b] : a && 'constant' in a && def !== sub ? [b, a] : []
      if (by && x && 'tensor' in x && c && perChannel(c.constant.shape)) {
        const made = affine(graph, x.tensor, ...by(c.constant.data), node.name)
        if (made !== undefined) return { tensor: made }
      }
      return { tensor: graph.add(def, {}, [tensorAt(node, inputs, 0, graph), tensorAt(node, inputs, 1, graph)], node.name) }
    },
  }
}

/** A constant that varies along the last axis at most. */
const perChannel = (shape: readonly number[]): boolean => shape.slice(0, -1).every((extent) => extent === 1)

export const addition = binary(['Add', 'AddV2'], add, (c) => [[1], c])
export const subtraction = binary(['Sub'], sub, (c) => [[1], Float32Array.from(c, (v) => -v)])
export const product = binary(['Mul'], mul, (c) => [c, [0]])
export const maximumOf = binary(['Maximum'], maximum)
export const minimumOf = binary(['Minimum'], minimum)
