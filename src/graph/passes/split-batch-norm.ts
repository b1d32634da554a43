/** Parts batch normalisation behind a concatenation of channels into one for each branch, so that each finds a convolution. */
import { Draft } from '../ir/edit.ts'
import type { Graph, Tensor } from '../ir/graph.ts'
import { consumers, placeOf, producers } from '../ir/walk.ts'
import { batchNormalization } from '../ops/batch-normalization.ts'
import { concatenation } from '../ops/concatenation.ts'
import { is, nodeOf } from '../ops/define.ts'
import { everywhere, type Pass } from './define.ts'
import { linearAt } from './linear.ts'

export const splitBatchNorm: Pass<'stripped'> = {
  name: 'split-batch-norm',
  says: 'batch normalisation behind a concatenation of channels goes before it, where a convolution or dense layer makes one of the branches',
  phase: 'stripped',
  run: everywhere((graph) => {
    const [made, used] = [producers(graph), consumers(graph)]
    const alone = (t: number): boolean => used[t]!.length === 1 && !graph.outputs.includes(t)
    for (const [n, node] of graph.nodes.entries()) {
      const p = is(node, batchNormalization) ? made[node.inputs[0]!]! : -1
      const join = graph.nodes[p]
      if (!join || !is(join, concatenation) || !alone(node.inputs[0]!)) continue
      const last = graph.tensors[node.inputs[0]!]!.shape.length - 1
      const plain = join.attrs.axis === last && join.attrs.fusedActivation === 'none'
      const constant = node.inputs.slice(1).every((t) => graph.tensors[t]?.data)
      if (plain && constant && join.inputs.some((t) => alone(t) && linearAt(graph, made[t]))) return split(graph, n, p)
    }
    return undefined
  }),
}

function split(graph: Graph<'stripped'>, n: number, p: number): Graph<'stripped'> {
  const [norm, join] = [graph.nodes[n]!, graph.nodes[p]!]
  const draft = new Draft(graph)
  let from = 0
  const [branches, parts] = [[] as number[], [] as ReturnType<typeof nodeOf>[]]
  for (const [i, t] of join.inputs.entries()) {
    const branch = graph.tensors[t]!
    const to = from + branch.shape.at(-1)!
    const own = norm.inputs.slice(1).map((parameter): number => {
      const whole = graph.tensors[parameter]! as Tensor & { readonly data: Float32Array }
      return draft.tensor({ ...whole, shape: [to - from], data: whole.data.slice(from, to) })
    })
    const y = draft.tensor({ name: `${placeOf(graph, n)}/${i}`, shape: branch.shape, dtype: branch.dtype })
    parts.push(nodeOf(batchNormalization, norm.attrs, [t, ...own], [y]))
    branches.push(y)
    from = to
  }
  draft.replace(p)
  draft.replace(n, ...parts, { ...join, inputs: branches, outputs: norm.outputs })
  return draft.finish()
}
