/** Removes operators that give back their input as it is. */
import { Draft } from '../ir/edit.ts'
import type { Graph, Node } from '../ir/graph.ts'
import { concatenation } from '../ops/concatenation.ts'
import { pad } from '../ops/pad.ts'
import { reshape } from '../ops/reshape.ts'
import { everywhere, type Pass } from './define.ts'

/** By operator: whether it changes nothing. All are asked only where input and output have one shape. */
const idle: Readonly<Record<string, (node: Node) => boolean>> = {
  [reshape.name]: () => true,
  [pad.name]: () => true,
  [concatenation.name]: ({ attrs, inputs }) => inputs.length === 1 && attrs.fusedActivation === 'none',
}

export const removeIdentity: Pass<'stripped'> = {
  name: 'remove-identity',
  says: 'reshapes to the same shape, paddings by nothing and concatenations of one go',
  phase: 'stripped',
  run: everywhere((graph) => {
    const n = graph.nodes.findIndex((node) => isIdle(graph, node))
    if (n < 0) return undefined
    const draft = new Draft(graph)
    const { inputs, outputs } = graph.nodes[n]!
    draft.redirect(outputs[0]!, inputs[0]!)
    draft.replace(n)
    return draft.finish()
  }),
}

/** A graph's output keeps its node, and with it its name. */
function isIdle({ tensors, outputs }: Graph, node: Node): boolean {
  const [x, y] = [tensors[node.inputs[0] ?? -1], tensors[node.outputs[0]!]]
  return !!x && !outputs.includes(node.outputs[0]!) && String(x.shape) === String(y!.shape) && !!idle[node.op]?.(node)
}
