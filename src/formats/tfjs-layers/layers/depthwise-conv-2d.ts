/** DepthwiseConv2D. */
import { depthwiseConv2d as depthwise } from '../../../graph/ops/depthwise-conv-2d.ts'
import { withActivation } from '../activate.ts'
import type { LayerImporter } from '../define.ts'
import { stepsOf } from '../steps.ts'
import { depthwiseKernel, vector } from '../weights.ts'

export const depthwiseConv2d: LayerImporter = {
  className: 'DepthwiseConv2D',
  add(layer, [x], graph) {
    const { steps, dilation } = stepsOf(layer)
    const { kernel, multiplier } = depthwiseKernel(layer, graph)
    const bias = vector(layer, 'bias', graph)
    const operands = [x!, kernel, ...(bias === undefined ? [] : [bias])]
    return withActivation(layer, graph, (name) =>
      graph.add(depthwise, { ...steps, ...dilation, depthMultiplier: multiplier }, operands, name),
    )
  },
}
