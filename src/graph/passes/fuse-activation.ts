/** Puts ReLU and ReLU6 into the operator that makes their input. */
import { Draft } from '../ir/edit.ts'
import type { Graph, Node } from '../ir/graph.ts'
import { consumers, producers } from '../ir/walk.ts'
import { opOf } from '../ops/registry.ts'
import { everywhere, type Pass } from './define.ts'

/** What two clamps, one after the other, are. */
const together: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  none: { relu: 'relu', relu6: 'relu6' },
  relu: { relu: 'relu', relu6: 'relu6' },
  relu6: { relu: 'relu6', relu6: 'relu6' },
}

export const fuseActivation: Pass<'stripped'> = {
  name: 'fuse-activation',
  says: 'relu and relu6 become the fused activation of the operator before them',
  phase: 'stripped',
  run: everywhere((graph) => {
    const [made, used] = [producers(graph), consumers(graph)]
    for (const [n, node] of graph.nodes.entries()) {
      const x = node.inputs[0] ?? -1
      const p = made[x] ?? -1
      const fused = p >= 0 && used[x]!.length === 1 && !graph.outputs.includes(x) ? fusion(graph.nodes[p]!, node.op) : undefined
      if (fused) return merged(graph, p, n, fused)
    }
    return undefined
  }),
}

/** What is fused into this operator when `op` joins it. Moves (concatenation and its like) have the slot in the schema, but no reference kernel computes it. */
export function fusion(producer: Node, op: string): string | undefined {
  const { attrs, family } = opOf(producer)
  const fused = together[producer.attrs.fusedActivation as string]?.[op]
  return fused && family !== 'move' && attrs.fusedActivation?.values?.includes(fused) ? fused : undefined
}

function merged(graph: Graph<'stripped'>, p: number, n: number, fusedActivation: string): Graph<'stripped'> {
  const draft = new Draft(graph)
  const producer = graph.nodes[p]!
  draft.replace(p, { ...producer, attrs: { ...producer.attrs, fusedActivation }, outputs: graph.nodes[n]!.outputs })
  draft.replace(n)
  return draft.finish()
}
