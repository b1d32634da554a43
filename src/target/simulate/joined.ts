/** A graph as a machine runs it that chains operations and writes parts to their place in a whole: what its maps need is read of it. */
import type { Graph, Node } from '../../graph/ir/graph.ts'

export type Joined = {
  /** The node that each chained node runs with: the first of a chain does the work of all, and nothing between them is stored. */
  readonly joined: ReadonlyMap<number, number>
  /** The tensor that each part lies in. */
  readonly placed: ReadonlyMap<number, number>
}

/** The number of nodes stays; only lifetimes of tensors are meant to be read of the graph. */
export function withJoined(graph: Graph, { joined, placed }: Joined): Graph {
  const nodes: Node[] = [...graph.nodes]
  graph.nodes.forEach((node, n) => {
    const head = joined.get(n)
    if (head === undefined) return
    const made = new Set(nodes[head]!.outputs)
    nodes[head] = { ...nodes[head]!, inputs: [...nodes[head]!.inputs, ...node.inputs.filter((i) => !made.has(i))], outputs: node.outputs }
    nodes[n] = { ...node, inputs: [], outputs: [] }
  })
  // The first part that is written brings the whole into being; the others only touch it.
  const begun = new Set<number>()
  const whole = (tensor: number): number => {
    const into = placed.get(tensor)
    return into === undefined ? tensor : whole(into)
  }
  const placedNodes = nodes.map((node): Node => {
    const outputs = [...new Set(node.outputs.map(whole))]
    const touched = outputs.filter((t) => begun.has(t))
    for (const t of outputs) begun.add(t)
    const inputs = [...new Set([...node.inputs.map((t) => (t < 0 ? t : whole(t))), ...touched])]
    return { ...node, inputs, outputs: outputs.filter((t) => !touched.includes(t)) }
  })
  return { ...graph, nodes: placed.size > 0 ? placedNodes : nodes }
}
