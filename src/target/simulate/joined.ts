/** A graph as a machine runs it that chains operations: the first of a chain does the work of all, and nothing between them is stored. */
import type { Graph, Node, Phase } from '../../graph/ir/graph.ts'

/** `joined` gives the node that each chained node runs with. The number of nodes stays; only lifetimes of tensors are meant to be read of it. */
export function withJoined<P extends Phase>(graph: Graph<P>, joined: ReadonlyMap<number, number>): Graph<P> {
  const nodes: Node[] = [...graph.nodes]
  graph.nodes.forEach((node, n) => {
    const head = joined.get(n)
    if (head === undefined) return
    const made = new Set(nodes[head]!.outputs)
    nodes[head] = { ...nodes[head]!, inputs: [...nodes[head]!.inputs, ...node.inputs.filter((i) => !made.has(i))], outputs: node.outputs }
    nodes[n] = { ...node, inputs: [], outputs: [] }
  })
  return { ...graph, nodes }
}
