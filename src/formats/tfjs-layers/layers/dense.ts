/** Dense, on rows or along the last axis of more. */
import { fullyConnected } from '../../../graph/ops/fully-connected.ts'
import { withActivation } from '../activate.ts'
import type { LayerImporter } from '../define.ts'
import { lastAxisFirst, vector } from '../weights.ts'

export const dense: LayerImporter = {
  className: 'Dense',
  add(layer, [x], graph) {
    const bias = vector(layer, 'bias', graph)
    const operands = [x!, lastAxisFirst(layer, 'kernel', graph), ...(bias === undefined ? [] : [bias])]
    const keepNumDims = graph.shape(x!).length > 2
    return withActivation(layer, graph, (name) => graph.add(fullyConnected, { keepNumDims }, operands, name))
  },
}
