/** Concatenate, along any axis but the batch. */
import { concatenation } from '../../../graph/ops/concatenation.ts'
import type { LayerImporter } from '../define.ts'

export const concatenate: LayerImporter = {
  className: 'Concatenate',
  add(layer, inputs, graph) {
    const { axis = -1 } = layer.config
    return graph.add(concatenation, { axis: axis < 0 ? axis + graph.shape(inputs[0]!).length : axis }, inputs, layer.name)
  },
}
