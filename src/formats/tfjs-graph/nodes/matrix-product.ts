/** MatMul, alone or fused with what follows: rows times a constant matrix. */
import { fullyConnected } from '../../../graph/ops/fully-connected.ts'
import { type NodeImporter, refusal } from '../define.ts'
import { withFused } from '../fused.ts'
import { lastAxisFirst } from '../kernel.ts'
import { tensorAt, vectorAt } from '../operands.ts'

export const matrixProduct: NodeImporter = {
  ops: ['MatMul', '_FusedMatMul'],
  add(node, inputs, graph) {
    if (node.attrs.flag('transpose_a', false)) throw refusal(node, 'its left side is transposed', 'transpose it before')
    const x = tensorAt(node, inputs, 0, graph)
    const weights = node.attrs.flag('transpose_b', false)
      ? vectorAt(node, inputs, 1, 'kernel', graph)
      : lastAxisFirst(node, inputs, 2, graph)
    return withFused(node, inputs, graph, (bias, name) => graph.add(fullyConnected, {}, [x, weights, ...bias], name))
  },
}
