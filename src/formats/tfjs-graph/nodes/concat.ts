/** ConcatV2: the axis is its last input. */
import { concatenation } from '../../../graph/ops/concatenation.ts'
import type { NodeImporter } from '../define.ts'
import { constantAt, tensorAt } from '../operands.ts'

export const concat: NodeImporter = {
  ops: ['ConcatV2'],
  add(node, inputs, graph) {
    const [axis] = constantAt(node, inputs, inputs.length - 1, 'axis').data
    const tensors = inputs.slice(0, -1).map((_, i) => tensorAt(node, inputs, i, graph))
    return { tensor: graph.add(concatenation, { axis: axis! < 0 ? axis! + graph.shape(tensors[0]!).length : axis! }, tensors, node.name) }
  },
}
