/** AvgPool and MaxPool. */
import { averagePool2d } from '../../../graph/ops/average-pool-2d.ts'
import { maxPool2d } from '../../../graph/ops/max-pool-2d.ts'
import type { NodeImporter } from '../define.ts'
import { tensorAt } from '../operands.ts'
import { pairOf, windowOf } from '../window.ts'

const pool = (op: string, def: typeof averagePool2d | typeof maxPool2d): NodeImporter => ({
  ops: [op],
  add(node, inputs, graph) {
    const { x, steps } = windowOf(node, tensorAt(node, inputs, 0, graph), graph)
    const [filterH, filterW] = pairOf(node, 'ksize')
    return { tensor: graph.add(def, { ...steps, filterH, filterW }, [x], node.name) }
  },
})

export const averagePool = pool('AvgPool', averagePool2d)
export const maxPool = pool('MaxPool', maxPool2d)
