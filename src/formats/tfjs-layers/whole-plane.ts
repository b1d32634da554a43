/** Pools over a whole plane: [1, H, W, C] becomes [1, C]. */
import type { averagePool2d } from '../../graph/ops/average-pool-2d.ts'
import type { maxPool2d } from '../../graph/ops/max-pool-2d.ts'
import { channelsLast, type LayerImporter } from './define.ts'
import { reshaped } from './reshaped.ts'

export const wholePlane = (className: string, def: typeof averagePool2d | typeof maxPool2d): LayerImporter => ({
  className,
  add(layer, [x], graph) {
    channelsLast(layer)
    const [, filterH, filterW, channels] = graph.shape(x!)
    const window = { padding: 'valid', strideH: 1, strideW: 1, filterH: filterH!, filterW: filterW! } as const
    const keeps: boolean = layer.config.keepDims ?? layer.config.keepdims ?? false
    if (keeps) return graph.add(def, window, [x!], layer.name)
    return reshaped(graph, graph.add(def, window, [x!], `${layer.name}/pool`), [1, channels!], layer.name)
  },
})
