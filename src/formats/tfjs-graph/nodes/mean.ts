/** Mean: over the whole plane one pool, whose integer rule and price on machines are known exactly; along other axes a reduction. */
import { averagePool2d } from '../../../graph/ops/average-pool-2d.ts'
import { mean } from '../../../graph/ops/mean.ts'
import { reshaped } from '../../tfjs-layers/reshaped.ts'
import type { NodeImporter } from '../define.ts'
import { constantAt, tensorAt } from '../operands.ts'

export const meanOf: NodeImporter = {
  ops: ['Mean'],
  add(node, inputs, graph) {
    const x = tensorAt(node, inputs, 0, graph)
    const shape = graph.shape(x)
    const keepDims = node.attrs.flag('keep_dims', false)
    const axes = Int32Array.from(constantAt(node, inputs, 1, 'axes').data, (axis) => (axis < 0 ? axis + shape.length : axis)).sort()
    if (shape.length === 4 && `${axes}` === '1,2') {
      const window = { padding: 'valid', strideH: 1, strideW: 1, filterH: shape[1]!, filterW: shape[2]! } as const
      if (keepDims) return { tensor: graph.add(averagePool2d, window, [x], node.name) }
      return { tensor: reshaped(graph, graph.add(averagePool2d, window, [x], `${node.name}/pool`), [1, shape[3]!], node.name) }
    }
    const away = graph.constant(`${node.name}/axes`, [axes.length], () => axes, 'int32')
    return { tensor: graph.add(mean, { keepDims }, [x, away], node.name) }
  },
}
