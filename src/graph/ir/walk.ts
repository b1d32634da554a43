/** Who makes and who uses each tensor of a graph. */
import type { Graph } from './graph.ts'

/** For each tensor the node that writes it, or -1 for inputs and constants. */
export function producers(graph: Pick<Graph, 'tensors' | 'nodes'>): Int32Array {
  const made = new Int32Array(graph.tensors.length).fill(-1)
  graph.nodes.forEach(({ outputs }, n) => {
    for (const t of outputs) made[t] = n
  })
  return made
}

/** For each tensor the nodes that read it, in node order; a node that reads it twice stands there twice. */
export function consumers(graph: Pick<Graph, 'tensors' | 'nodes'>): number[][] {
  const used: number[][] = graph.tensors.map(() => [])
  graph.nodes.forEach(({ inputs }, n) => {
    for (const t of inputs) if (t >= 0) used[t]!.push(n)
  })
  return used
}

/** The name that tells a person which node it is: that of its first output. */
export const placeOf = (graph: Pick<Graph, 'tensors' | 'nodes'>, node: number): string =>
  graph.tensors[graph.nodes[node]!.outputs[0]!]!.name
