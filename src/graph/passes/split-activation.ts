/** Takes ReLU and ReLU6 before a concatenation, where each branch's operator can fuse them: a move cannot. */
import { Draft } from '../ir/edit.ts'
import { consumers, producers } from '../ir/walk.ts'
import { concatenation } from '../ops/concatenation.ts'
import { is } from '../ops/define.ts'
import { everywhere, type Pass } from './define.ts'
import { fusion } from './fuse-activation.ts'

export const splitActivation: Pass<'stripped'> = {
  name: 'split-activation',
  says: 'relu and relu6 behind a concatenation go before it, where the operator of every branch fuses them',
  phase: 'stripped',
  run: everywhere((graph) => {
    const [made, used] = [producers(graph), consumers(graph)]
    const alone = (t: number): boolean => used[t]!.length === 1 && !graph.outputs.includes(t)
    for (const [n, node] of graph.nodes.entries()) {
      const p = made[node.inputs[0] ?? -1] ?? -1
      const join = graph.nodes[p]
      if (!join || !is(join, concatenation) || join.attrs.fusedActivation !== 'none' || !alone(node.inputs[0]!)) continue
      const fuses = (t: number): boolean => alone(t) && made[t]! >= 0 && fusion(graph.nodes[made[t]!]!, node.op) !== undefined
      if (!join.inputs.every(fuses)) continue
      const draft = new Draft(graph)
      const branches = join.inputs.map((t) => draft.tensor({ ...graph.tensors[t]!, name: `${graph.tensors[t]!.name}/${node.op}` }))
      draft.replace(p)
      draft.replace(n, ...join.inputs.map((t, i) => ({ ...node, inputs: [t], outputs: [branches[i]!] })), {
        ...join,
        inputs: branches,
        outputs: node.outputs,
      })
      return draft.finish()
    }
    return undefined
  }),
}
