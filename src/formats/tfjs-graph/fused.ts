/** What the converter fuses behind a convolution or a matrix product: bias or normalisation, then an activation. */
import { batchNormalization } from '../../graph/ops/batch-normalization.ts'
import type { Growth } from '../grow.ts'
import { activate } from './activate.ts'
import { type GraphNode, refusal, type Value } from './define.ts'
import { vectorAt } from './operands.ts'

/** `make` adds the linear operator with a bias or without; the last operator added has the node's name. */
export function withFused(
  node: GraphNode,
  inputs: readonly Value[],
  graph: Growth,
  make: (bias: readonly number[], name: string) => number,
): Value {
  const words = [...node.attrs.texts('fused_ops')]
  let at = 2
  const last = (): string => (words.length ? `${node.name}/${words.length}` : node.name)
  const bias = words[0] === 'BiasAdd' ? [vectorAt(node, inputs, at++, 'bias', graph)] : []
  if (bias.length) words.shift()
  let x = make(bias, last())
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === 'FusedBatchNorm') {
      const parameters = ['gamma', 'beta', 'mean', 'variance'].map((what) => vectorAt(node, inputs, at++, what, graph))
      x = graph.add(batchNormalization, { epsilon: node.attrs.number('epsilon', 1e-4) }, [x, ...parameters], last())
      continue
    }
    const made = activate(node, word, x, last(), graph)
    if (made === undefined) throw refusal(node, `it is fused with ${word}`, 'convert the model with fusing off')
    x = made
  }
  return { tensor: x }
}
