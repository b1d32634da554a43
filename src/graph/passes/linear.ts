/** Convolutions of any kind and fully connected layers: what a scale and a shift can be folded into. */
import type { Graph, Node, Tensor } from '../ir/graph.ts'
import { opOf } from '../ops/registry.ts'

/** The operands of a node that is linear in one input. */
export type Linear = {
  readonly node: Node
  /** Where activation, weight and bias stand among its inputs. */
  readonly slots: readonly [number, number, number]
  readonly weights: Tensor
  readonly bias: Tensor | undefined
  readonly outputs: number
  /** The output channel of a weight. */
  outOf(element: number): number
  /** The input channel that a weight multiplies. */
  inOf(element: number): number
}

/** Reads a node as linear: roles activation, weight and bias, constant weights and no activation behind. */
export function linearAt(graph: Graph, n: number | undefined): Linear | undefined {
  const linear = weightedAt(graph, n)
  return (linear?.node.attrs.fusedActivation ?? 'none') === 'none' ? linear : undefined
}

/** The same, whatever activation is fused behind. */
export function weightedAt(graph: Graph, n: number | undefined): Linear | undefined {
  const node = graph.nodes[n ?? -1]
  if (!node) return undefined
  const def = opOf(node)
  const [x, w, b] = (['activation', 'weight', 'bias'] as const).map((word) => def.roles.in.findIndex(({ role }) => role === word))
  const weight = def.roles.in[w!]
  const weights = graph.tensors[node.inputs[w!] ?? -1]
  const bias = graph.tensors[node.inputs[b!] ?? -1]
  if (x! < 0 || b! < 0 || weight?.role !== 'weight' || !weights?.data || (bias && !bias.data)) return undefined
  const axis = Math.max(weight.axis, 0)
  const [outputs, inner] = [weights.shape[axis]!, weights.shape.slice(axis + 1).reduce((a, c) => a * c, 1)]
  const outOf = (i: number): number => Math.floor(i / inner) % outputs
  const channels = graph.tensors[node.inputs[x!]!]!.shape.at(-1)!
  // A convolution whose kernel is shallower than its image is grouped; a depthwise kernel has depth 1.
  const depth = def.family === 'depthwise' ? 1 : weights.shape.at(-1)!
  const perGroup = def.family === 'dense' ? outputs : (outputs * depth) / channels
  const inOf = (i: number): number => Math.floor(outOf(i) / perGroup) * depth + (axis === weights.shape.length - 1 ? 0 : i % depth)
  return { node, slots: [x!, w!, b!], weights, bias, outputs, outOf, inOf }
}
