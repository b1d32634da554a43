/** A graph as layers: what engines need to know of each node. */
import { type Graph, size, type Tensor } from '../../graph/ir/graph.ts'
import { lifetimes } from '../../graph/memory/lifetimes.ts'
import { usage } from '../../graph/memory/plan.ts'
import { roleOfInput } from '../../graph/ops/define.ts'
import { factsOf, operandsOf } from '../../graph/ops/facts.ts'
import { opOf } from '../../graph/ops/registry.ts'
import type { Placement } from '../define.ts'
import type { Layer, LayerTensor, Network } from './engines/define.ts'

/** Networks of graphs already seen, but for the placement: many targets ask for the same. */
const known = new WeakMap<Graph, Network>()

export function networkOf(graph: Graph, placement: Placement): Network {
  const network = known.get(graph) ?? unplaced(graph)
  known.set(graph, network)
  return { ...network, layers: network.layers.map((layer, n) => ({ ...layer, place: placement.nodes[n]! })) }
}

function unplaced(graph: Graph): Network {
  const seen = (i: number): LayerTensor => {
    const { shape, dtype, data } = graph.tensors[i]!
    return { tensor: i, shape, dtype, constant: data !== undefined }
  }
  const layers = graph.nodes.map((node, n): Layer => {
    const def = opOf(node)
    const role = (i: number) => roleOfInput(def, i).role
    const present = node.inputs.map((tensor, i) => ({ tensor, role: role(i) })).filter(({ tensor }) => tensor >= 0)
    const weights = present.find((input) => input.role === 'weight')
    const { inputs, outputs } = operandsOf(graph, node)
    return {
      node: n,
      name: graph.tensors[node.outputs[0]!]!.name,
      op: node.op,
      family: def.family,
      macs: def.macs(node.attrs, inputs, outputs),
      place: 'accelerator',
      facts: factsOf(graph, node),
      inputs: present.filter((input) => !['weight', 'bias', 'index'].includes(input.role)).map(({ tensor }) => seen(tensor)),
      outputs: node.outputs.map(seen),
      ...(weights && { weights: graph.tensors[weights.tensor]! }),
      parameters: present
        .filter((input) => input.role === 'index')
        .map(({ tensor }) => Array.from(graph.tensors[tensor]!.data ?? [], Number)),
    }
  })
  return { layers, inputs: graph.inputs, outputs: graph.outputs, usage: usage(lifetimes(graph)) }
}

/** Bytes of weights as the file holds them. */
export const originalWeightBytes = (network: Network): number =>
  [...new Set(network.layers.flatMap(({ weights }) => (weights ? [weights] : [])))].reduce((sum, tensor) => sum + bytes(tensor), 0)

const bytes = ({ shape, data }: Tensor): number => data?.byteLength ?? size(shape)
