/** Reshape to a constant shape, one extent of which may be left to the others. */
import { size } from '../../../graph/ir/graph.ts'
import { reshaped } from '../../tfjs-layers/reshaped.ts'
import type { NodeImporter } from '../define.ts'
import { constantAt, tensorAt } from '../operands.ts'

export const reshaping: NodeImporter = {
  ops: ['Reshape'],
  add(node, inputs, graph) {
    const x = tensorAt(node, inputs, 0, graph)
    const target = Array.from(constantAt(node, inputs, 1, 'shape').data)
    const free = size(graph.shape(x)) / size(target.filter((extent) => extent >= 0))
    return {
      tensor: reshaped(
        graph,
        x,
        target.map((extent) => (extent < 0 ? free : extent)),
        node.name,
      ),
    }
  },
}
