/** PReLU, with a slope for each channel or element. */
import { prelu as parametric } from '../../../graph/ops/prelu.ts'
import { type LayerImporter, refusal } from '../define.ts'
import { vector } from '../weights.ts'

export const prelu: LayerImporter = {
  className: 'PReLU',
  add(layer, [x], graph) {
    const alpha = vector(layer, 'alpha', graph)
    if (alpha === undefined) throw refusal(layer, 'it has no alpha', 'save the model with its weights')
    return graph.add(parametric, {}, [x!, alpha], layer.name)
  },
}
