/** Conv2D. */
import { conv2d as convolution } from '../../../graph/ops/conv-2d.ts'
import { withActivation } from '../activate.ts'
import type { LayerImporter } from '../define.ts'
import { stepsOf } from '../steps.ts'
import { lastAxisFirst, vector } from '../weights.ts'

export const conv2d: LayerImporter = {
  className: 'Conv2D',
  add(layer, [x], graph) {
    const { steps, dilation } = stepsOf(layer)
    const bias = vector(layer, 'bias', graph)
    const operands = [x!, lastAxisFirst(layer, 'kernel', graph), ...(bias === undefined ? [] : [bias])]
    return withActivation(layer, graph, (name) => graph.add(convolution, { ...steps, ...dilation }, operands, name))
  },
}
