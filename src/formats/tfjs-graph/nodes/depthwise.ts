/** DepthwiseConv2dNative, alone or fused with what follows; its kernel [H, W, C, M] becomes [1, H, W, C * M]. */
import { depthwiseConv2d } from '../../../graph/ops/depthwise-conv-2d.ts'
import { type NodeImporter, refusal } from '../define.ts'
import { withFused } from '../fused.ts'
import { constantAt, tensorAt } from '../operands.ts'
import { windowOf } from '../window.ts'

export const depthwise: NodeImporter = {
  ops: ['DepthwiseConv2dNative', 'DepthwiseConv2d', 'FusedDepthwiseConv2dNative'],
  add(node, inputs, graph) {
    const { x, steps, dilation } = windowOf(node, tensorAt(node, inputs, 0, graph), graph)
    const { shape, data } = constantAt(node, inputs, 1, 'kernel')
    const [h, w, c, multiplier] = shape
    if (shape.length !== 4) throw refusal(node, `its kernel has the shape [${shape}]`, 'a kernel is [height, width, channels, multiplier]')
    const kernel = graph.constant(`${node.name}/kernel`, [1, h!, w!, c! * multiplier!], () => Float32Array.from(data))
    const attrs = { ...steps, ...dilation, depthMultiplier: multiplier! }
    return withFused(node, inputs, graph, (bias, name) => graph.add(depthwiseConv2d, attrs, [x, kernel, ...bias], name))
  },
}
