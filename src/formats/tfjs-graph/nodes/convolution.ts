/** Conv2D, alone or fused with what follows; its kernel [H, W, I, O] becomes [O, H, W, I]. */
import { conv2d } from '../../../graph/ops/conv-2d.ts'
import type { NodeImporter } from '../define.ts'
import { withFused } from '../fused.ts'
import { lastAxisFirst } from '../kernel.ts'
import { tensorAt } from '../operands.ts'
import { windowOf } from '../window.ts'

export const convolution: NodeImporter = {
  ops: ['Conv2D', '_FusedConv2D', 'FusedConv2D'],
  add(node, inputs, graph) {
    const { x, steps, dilation } = windowOf(node, tensorAt(node, inputs, 0, graph), graph)
    const kernel = lastAxisFirst(node, inputs, 4, graph)
    return withFused(node, inputs, graph, (bias, name) => graph.add(conv2d, { ...steps, ...dilation }, [x, kernel, ...bias], name))
  },
}
