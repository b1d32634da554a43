/** Pad, and PadV2 where it pads with zeros. */
import { pad } from '../../../graph/ops/pad.ts'
import { type NodeImporter, refusal } from '../define.ts'
import { constantAt, tensorAt } from '../operands.ts'

export const padding: NodeImporter = {
  ops: ['Pad', 'PadV2'],
  add(node, inputs, graph) {
    const { shape, data } = constantAt(node, inputs, 1, 'paddings')
    if (node.op === 'PadV2' && constantAt(node, inputs, 2, 'value').data[0] !== 0)
      throw refusal(node, 'it pads with other than zeros', 'pad with zeros')
    const widths = graph.constant(`${node.name}/paddings`, shape, () => Int32Array.from(data), 'int32')
    return { tensor: graph.add(pad, {}, [tensorAt(node, inputs, 0, graph), widths], node.name) }
  },
}
