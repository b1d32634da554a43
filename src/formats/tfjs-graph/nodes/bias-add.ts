/** BiasAdd: a number for each channel, which the fold takes into the convolution before it. */
import { affine } from '../../affine.ts'
import { type NodeImporter, refusal } from '../define.ts'
import { channelsLast, constantAt, tensorAt } from '../operands.ts'

export const biasAdd: NodeImporter = {
  ops: ['BiasAdd'],
  add(node, inputs, graph) {
    channelsLast(node)
    const { data } = constantAt(node, inputs, 1, 'bias')
    const made = affine(graph, tensorAt(node, inputs, 0, graph), [1], data, node.name)
    if (made === undefined) throw refusal(node, `its bias holds ${data.length} numbers`, 'give one for each channel')
    return { tensor: made }
  },
}
