/** FusedBatchNorm in its versions, at rest. */
import { batchNormalization } from '../../../graph/ops/batch-normalization.ts'
import { type NodeImporter, refusal } from '../define.ts'
import { channelsLast, tensorAt, vectorAt } from '../operands.ts'

export const batchNorm: NodeImporter = {
  ops: ['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'],
  add(node, inputs, graph) {
    channelsLast(node)
    if (node.attrs.flag('is_training', false)) throw refusal(node, 'it is in training', 'export the model for inference')
    const parameters = ['gamma', 'beta', 'mean', 'variance'].map((what, i) => vectorAt(node, inputs, i + 1, what, graph))
    // TensorFlow's own default, for a converter that left defaults out; tfjs takes 0.001 there.
    const epsilon = node.attrs.number('epsilon', 1e-4)
    return { tensor: graph.add(batchNormalization, { epsilon }, [tensorAt(node, inputs, 0, graph), ...parameters], node.name) }
  },
}
