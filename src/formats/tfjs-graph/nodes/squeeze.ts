/** Squeeze: drops axes of one element. */
import { squeeze } from '../../../graph/ops/squeeze.ts'
import { type NodeImporter, refusal } from '../define.ts'
import { tensorAt } from '../operands.ts'

export const squeezing: NodeImporter = {
  ops: ['Squeeze'],
  add(node, inputs, graph) {
    const squeezeDims = node.attrs.numbers('squeeze_dims')
    // Without axes, the batch of one would go too, which the model has only here.
    if (!squeezeDims.length) throw refusal(node, 'it does not say which axes', 'name the axes')
    return { tensor: graph.add(squeeze, { squeezeDims }, [tensorAt(node, inputs, 0, graph)], node.name) }
  },
}
