/** Pads that a convolution takes over, as Arm Vela does: the accelerator makes a border of zeros itself, so the layer reads what was padded. */
import type { Graph, Node } from '../../graph/ir/graph.ts'
import { consumers, producers } from '../../graph/ir/walk.ts'
import { factsOf } from '../../graph/ops/facts.ts'
import { sameQuant } from '../../graph/ops/kit/scale.ts'

export type Roles = { pads(node: Node): boolean; convolves(node: Node): boolean }

/** The graph with such convolutions reading around their pads; `gone` are the pads that nothing reads any more. */
export function withoutBorders(graph: Graph, { pads, convolves }: Roles): { readonly graph: Graph; readonly gone: ReadonlySet<number> } {
  const made = producers(graph)
  const nodes = graph.nodes.map((node): Node => {
    const pad = convolves(node) ? graph.nodes[made[node.inputs[0]!]!] : undefined
    return pad && pads(pad) && takes(graph, node, pad) ? { ...node, inputs: [pad.inputs[0]!, ...node.inputs.slice(1)] } : node
  })
  const changed = { ...graph, nodes }
  const readers = consumers(changed)
  const unread = (node: Node) => node.outputs.every((t) => readers[t]!.length === 0 && !graph.outputs.includes(t))
  const gone = new Set(graph.nodes.flatMap((node, n) => (pads(node) && unread(node) ? [n] : [])))
  return gone.size === 0 && nodes.every((node, n) => node === graph.nodes[n]) ? { graph, gone } : { graph: changed, gone }
}

function takes(graph: Graph, node: Node, pad: Node): boolean {
  const [x, y] = [graph.tensors[pad.inputs[0]!]!, graph.tensors[pad.outputs[0]!]!]
  const widths = graph.tensors[pad.inputs[1]!]?.data
  const facts = factsOf(graph, node)
  if (facts.padded !== false || !widths || x.shape.length !== 4 || x.dtype !== y.dtype || !sameQuant(x, y)) return false
  const [before, after] = [0, 1].map((side) => [0, 1, 2, 3].map((axis) => Number(widths[2 * axis + side]))) as [number[], number[]]
  if (before[0] || after[0] || before[3] || after[3]) return false
  const fact = (name: string) => Number(facts[name] ?? 1)
  return ([1, 2] as const).every((axis) => {
    const side = axis === 1 ? 'H' : 'W'
    const kernel = (fact(`kernel${side}`) - 1) * fact(`dilation${side}`) + 1
    const stride = fact(`stride${side}`)
    const extent = x.shape[axis]!
    const needed = Math.max(0, (Math.ceil(extent / stride) - 1) * stride + kernel - extent)
    // What the stride never reaches is no border.
    const spare = (after[axis]! % stride) - ((needed - before[axis]!) % stride)
    const end = Math.max(0, after[axis]! - spare - (spare >= 0 ? 0 : stride))
    return before[axis]! < kernel && end < kernel
  })
}
