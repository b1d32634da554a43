/** Reshape, one extent of which may be left to the others. */
import { size } from '../../../graph/ir/graph.ts'
import type { LayerImporter } from '../define.ts'
import { reshaped } from '../reshaped.ts'

export const reshape: LayerImporter = {
  className: 'Reshape',
  add(layer, [x], graph) {
    const target: readonly (number | null)[] = layer.config.targetShape
    const known = target.reduce<number>((product, extent) => product * (extent === null || extent < 0 ? 1 : extent), 1)
    const free = size(graph.shape(x!)) / known
    return reshaped(graph, x!, [1, ...target.map((extent) => (extent === null || extent < 0 ? free : extent))], layer.name)
  },
}
