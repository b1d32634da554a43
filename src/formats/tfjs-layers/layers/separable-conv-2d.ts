/** SeparableConv2D: a depthwise convolution without bias, then a 1 x 1 convolution. */
import { conv2d } from '../../../graph/ops/conv-2d.ts'
import { depthwiseConv2d } from '../../../graph/ops/depthwise-conv-2d.ts'
import { withActivation } from '../activate.ts'
import type { LayerImporter } from '../define.ts'
import { stepsOf } from '../steps.ts'
import { depthwiseKernel, lastAxisFirst, vector } from '../weights.ts'

export const separableConv2d: LayerImporter = {
  className: 'SeparableConv2D',
  add(layer, [x], graph) {
    const { steps, dilation } = stepsOf(layer)
    const { kernel, multiplier } = depthwiseKernel(layer, graph)
    const attrs = { ...steps, ...dilation, depthMultiplier: multiplier }
    const middle = graph.add(depthwiseConv2d, attrs, [x!, kernel], `${layer.name}/depthwise`)
    const bias = vector(layer, 'bias', graph)
    const operands = [middle, lastAxisFirst(layer, 'pointwise_kernel', graph), ...(bias === undefined ? [] : [bias])]
    return withActivation(layer, graph, (name) => graph.add(conv2d, { padding: 'valid', strideH: 1, strideW: 1 }, operands, name))
  },
}
