/** DepthwiseConv2D. */
import { depthwiseConv2d as depthwise } from '../../../graph/ops/depthwise-conv-2d.ts'
import { withActivation } from '../activate.ts'
import { type LayerImporter, refusal } from '../define.ts'
import { stepsOf } from '../steps.ts'
import { depthwiseKernel, vector } from '../weights.ts'

export const depthwiseConv2d: LayerImporter = {
  className: 'DepthwiseConv2D',
  add(layer, [x], graph) {
    const { steps, dilation } = stepsOf(layer)
    // tfjs-layers 4.22 passes no dilation to its kernel, so what such a layer computes is not what its settings say.
    if (dilation.dilationH !== 1 || dilation.dilationW !== 1)
      throw refusal(layer, 'it is dilated, and tfjs runs it without its dilation', 'use SeparableConv2D, or a dilated Conv2D')
    const { kernel, multiplier } = depthwiseKernel(layer, graph)
    const bias = vector(layer, 'bias', graph)
    const operands = [x!, kernel, ...(bias === undefined ? [] : [bias])]
    return withActivation(layer, graph, (name) => graph.add(depthwise, { ...steps, depthMultiplier: multiplier }, operands, name))
  },
}
