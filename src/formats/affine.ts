/** x gain + shift for each channel, as a normalisation at rest: the fold takes it into a convolution beside it. */
import { batchNormalization } from '../graph/ops/batch-normalization.ts'
import type { Growth } from './grow.ts'

/** `gain` and `shift` hold one number, or one for each channel of `x`; undefined where they hold another number of them. */
export function affine(graph: Growth, x: number, gain: ArrayLike<number>, shift: ArrayLike<number>, name: string): number | undefined {
  const channels = graph.shape(x).at(-1)
  if (channels === undefined || [gain, shift].some(({ length }) => length !== 1 && length !== channels)) return undefined
  const constant = (word: string, values: ArrayLike<number>): number =>
    graph.constant(`${name}/${word}`, [channels], () =>
      Float32Array.from({ length: channels }, (_, c) => values[values.length === 1 ? 0 : c]!),
    )
  const operands = [constant('scale', gain), constant('offset', shift), constant('mean', [0]), constant('variance', [1])]
  return graph.add(batchNormalization, { epsilon: 0 }, [x, ...operands], name)
}
