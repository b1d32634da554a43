/** The part of a model that makes one tensor, as a model of its own. */
import { assert } from '../../errors.ts'
import type { Graph } from '../../graph/ir/graph.ts'

/** `graph` up to the first output of node `last`: the nodes that it needs and no other, with that tensor as the only output. */
export function prefixOf(graph: Graph<'quantised'>, last: number): Graph<'quantised'> {
  const made = graph.nodes[last]!.outputs[0]!
  const needed = new Set([made])
  // From the back, since what needs a node comes after it.
  const nodes = graph.nodes
    .slice(0, last + 1)
    .reverse()
    .filter((node) => {
      if (!node.outputs.some((t) => needed.has(t))) return false
      for (const t of [...node.inputs, ...node.outputs]) if (t >= 0) needed.add(t)
      return true
    })
  for (const t of graph.inputs) needed.add(t) // inputs travel whole, whether this part reads them or not
  const places = new Map([...needed].sort((a, b) => a - b).map((t, place) => [t, place]))
  const place = (t: number): number => {
    if (t < 0) return t
    const found = places.get(t)
    assert(found !== undefined, `tensor ${t} belongs to the prefix`)
    return found
  }
  return {
    ...graph,
    tensors: [...places.keys()].map((t) => graph.tensors[t]!),
    nodes: nodes.reverse().map((node) => ({ ...node, inputs: node.inputs.map(place), outputs: node.outputs.map(place) })),
    inputs: graph.inputs.map(place),
    outputs: [place(made)],
    metadata: {},
  }
}
