/** The order in which a compiler runs the nodes of a graph that walks it from its outputs, as Arm Vela does. */
import type { Graph, Node } from '../../graph/ir/graph.ts'

/**
 * Node indices: each after what it reads, the last of its inputs first. Nodes that `joins` names, which become copies to
 * their places in one map, read theirs from the first on. What no output needs comes last.
 */
export function rightToLeft(graph: Graph, joins: (node: Node) => boolean): number[] {
  const writer = new Map<number, number>()
  graph.nodes.forEach((node, n) => {
    for (const i of node.outputs) writer.set(i, n)
  })
  const order: number[] = []
  const seen = new Set<number>()
  const stack: { readonly node: number; readonly done: boolean }[] = []
  const push = (tensors: readonly number[]) => {
    for (const t of tensors) {
      const node = writer.get(t)
      if (node !== undefined && !seen.has(node)) stack.push({ node, done: false })
    }
  }
  push(graph.outputs)
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    const { node, done } = entry
    if (done) order.push(node)
    else if (!seen.has(node)) {
      seen.add(node)
      stack.push({ node, done: true })
      const { inputs } = graph.nodes[node]!
      push(joins(graph.nodes[node]!) ? inputs.toReversed() : inputs)
    }
  }
  for (let n = 0; n < graph.nodes.length; n++) if (!seen.has(n)) order.push(n)
  return order
}
