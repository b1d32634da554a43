/** Conv2DTranspose. */
import { transposeConv } from '../../../graph/ops/transpose-conv.ts'
import { withActivation } from '../activate.ts'
import { type LayerImporter, refusal } from '../define.ts'
import { stepsOf } from '../steps.ts'
import { thirdAxisFirst, vector } from '../weights.ts'

export const conv2dTranspose: LayerImporter = {
  className: 'Conv2DTranspose',
  add(layer, [x], graph) {
    const { steps, dilation } = stepsOf(layer)
    if (dilation.dilationH !== 1 || dilation.dilationW !== 1)
      throw refusal(layer, 'it is dilated', 'TFLite has none of these: use a dilation of 1')
    if (layer.config.outputPadding != null)
      throw refusal(layer, 'it has an output padding', "leave output padding out: padding 'same' multiplies the size")
    const kernel = thirdAxisFirst(layer, 'kernel', graph)
    const [outputs, ...window] = graph.shape(kernel)
    const [batch, ...extents] = graph.shape(x!)
    const strides = [steps.strideH, steps.strideW]
    const grown = [0, 1].map((i) => extents[i]! * strides[i]! + (steps.padding === 'same' ? 0 : Math.max(window[i]! - strides[i]!, 0)))
    const shape = graph.constant(`${layer.name}/shape`, [4], () => Int32Array.of(batch!, grown[0]!, grown[1]!, outputs!), 'int32')
    const bias = vector(layer, 'bias', graph)
    const operands = [shape, kernel, x!, ...(bias === undefined ? [] : [bias])]
    return withActivation(layer, graph, (name) => graph.add(transposeConv, steps, operands, name))
  },
}
