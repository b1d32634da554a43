/** Folds batch normalisation at rest, y = g x + s per channel, into the weights of a neighbour (Jacob et al. 2018, Sec. 3.2). */
import { UserError } from '../../errors.ts'
import { Draft } from '../ir/edit.ts'
import type { Graph, Tensor } from '../ir/graph.ts'
import { consumers, placeOf, producers } from '../ir/walk.ts'
import { batchNormalization } from '../ops/batch-normalization.ts'
import { type AttrsOf, is, nodeOf } from '../ops/define.ts'
import { depthwiseConv2d } from '../ops/depthwise-conv-2d.ts'
import { transposeConv } from '../ops/transpose-conv.ts'
import { everywhere, type Pass } from './define.ts'
import { type Linear, linearAt } from './linear.ts'

export const foldBatchNorm: Pass<'stripped'> = {
  name: 'fold-batch-norm',
  says: 'batch normalisation goes into the convolution or dense layer before it, else into the one behind it, else becomes a 1 x 1 depthwise convolution',
  phase: 'stripped',
  run: everywhere((graph) => {
    const n = graph.nodes.findIndex((node) => is(node, batchNormalization))
    return n < 0 ? undefined : (intoProducer(graph, n) ?? intoConsumer(graph, n) ?? asDepthwise(graph, n))
  }),
}

type Affine = { readonly gain: Float64Array; readonly shift: Float64Array }

function affineOf(graph: Graph, n: number): Affine {
  const { inputs, attrs } = graph.nodes[n]!
  const [gamma, beta, mean, variance] = inputs.slice(1).map((t) => graph.tensors[t]?.data as Float32Array)
  if (!gamma || !beta || !mean || !variance)
    throw new UserError('unfoldable-batch-norm', `the parameters of batch normalisation ${placeOf(graph, n)} are not constant`)
  const { epsilon } = attrs as AttrsOf<typeof batchNormalization.attrs>
  const gain = Float64Array.from(gamma, (g, c) => g / Math.sqrt(variance[c]! + epsilon))
  return { gain, shift: Float64Array.from(gain, (g, c) => beta[c]! - mean[c]! * g) }
}

const biasOf = ({ bias, outputs }: Linear): Float32Array => (bias?.data as Float32Array | undefined) ?? new Float32Array(outputs)

const vector = (name: string, data: Float32Array): Tensor => ({ name, shape: [data.length], dtype: 'float32', data })

/** The node with new weights and bias, which get tensors of their own: others may share the old ones. */
function reweighted(
  draft: Draft<'stripped'>,
  { node, slots, weights, bias }: Linear,
  data: Float32Array,
  offsets: Float32Array,
  place: string,
) {
  const w = draft.tensor({ ...weights, data })
  const b = draft.tensor(vector(bias?.name ?? `${place}/bias`, offsets))
  const inputs = [...node.inputs]
  inputs[slots[1]] = w
  inputs[slots[2]] = b
  return { ...node, inputs }
}

function intoProducer(graph: Graph<'stripped'>, n: number): Graph<'stripped'> | undefined {
  const { inputs, outputs } = graph.nodes[n]!
  const x = inputs[0]!
  const p = producers(graph)[x]!
  const linear = linearAt(graph, p)
  if (!linear || consumers(graph)[x]!.length > 1 || graph.outputs.includes(x)) return undefined
  const { gain, shift } = affineOf(graph, n)
  const data = Float32Array.from(linear.weights.data as Float32Array, (w, i) => w * gain[linear.outOf(i)]!)
  const offsets = biasOf(linear).map((b, o) => b * gain[o]! + shift[o]!)
  const draft = new Draft(graph)
  draft.replace(p, { ...reweighted(draft, linear, data, offsets, placeOf(graph, p)), outputs })
  draft.replace(n)
  return draft.finish()
}

/** Only where every output sees all taps: a padded zero is a zero behind the normalisation, not before it. */
function intoConsumer(graph: Graph<'stripped'>, n: number): Graph<'stripped'> | undefined {
  const { inputs, outputs } = graph.nodes[n]!
  const [y] = outputs
  const readers = consumers(graph)[y!]!
  const linear = linearAt(graph, readers[0])
  if (!linear || readers.length > 1 || graph.outputs.includes(y!) || linear.node.inputs[linear.slots[0]] !== y || uneven(linear))
    return undefined
  const { gain, shift } = affineOf(graph, n)
  const weights = linear.weights.data as Float32Array
  const offsets = Float64Array.from(biasOf(linear))
  for (const [i, w] of weights.entries()) offsets[linear.outOf(i)]! += w * shift[linear.inOf(i)]!
  const data = weights.map((w, i) => w * gain[linear.inOf(i)]!)
  const draft = new Draft(graph)
  draft.replace(readers[0]!, reweighted(draft, linear, data, Float32Array.from(offsets), placeOf(graph, readers[0]!)))
  draft.redirect(y!, inputs[0]!)
  draft.replace(n)
  return draft.finish()
}

/** Whether outputs at the border sum fewer taps: a window that pads, or any that spreads. */
const uneven = ({ node, weights: { shape } }: Linear): boolean =>
  is(node, transposeConv) || (node.attrs.padding === 'same' && shape.slice(1, 3).some((taps) => taps > 1))

function asDepthwise(graph: Graph<'stripped'>, n: number): Graph<'stripped'> {
  const { inputs, outputs } = graph.nodes[n]!
  const { shape } = graph.tensors[inputs[0]!]!
  const place = placeOf(graph, n)
  if (shape.length !== 4)
    throw new UserError('unfoldable-batch-norm', `no convolution or dense layer can take batch normalisation ${place}`, {
      found: `an input of shape [${shape}] that ${graph.nodes[producers(graph)[inputs[0]!]!]?.op ?? 'the graph input'} makes`,
      expected: 'a convolution or dense layer right before it, used by it alone, or one without padding right behind it',
      hint: 'move the normalisation next to such a layer, or remove it',
    })
  const { gain, shift } = affineOf(graph, n)
  const draft = new Draft(graph)
  const w = draft.tensor({ name: `${place}/kernel`, shape: [1, 1, 1, gain.length], dtype: 'float32', data: Float32Array.from(gain) })
  const b = draft.tensor(vector(`${place}/bias`, Float32Array.from(shift)))
  draft.replace(n, nodeOf(depthwiseConv2d, { strideH: 1, strideW: 1, depthMultiplier: 1 }, [inputs[0]!, w, b], outputs))
  return draft.finish()
}
