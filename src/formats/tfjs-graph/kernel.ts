/** Constant kernels in TFLite's order of axes. */
import type { Growth } from '../grow.ts'
import { type GraphNode, refusal, type Value } from './define.ts'
import { constantAt } from './operands.ts'

/** Input 1, a constant of this rank, with its last axis first: [H, W, I, O] as [O, H, W, I]. */
export function lastAxisFirst(node: GraphNode, inputs: readonly Value[], rank: number, graph: Growth): number {
  const { shape, data } = constantAt(node, inputs, 1, 'kernel')
  if (shape.length !== rank) throw refusal(node, `its kernel has the shape [${shape}]`, `a kernel has ${rank} axes here`)
  const outputs = shape.at(-1)!
  const inner = data.length / outputs
  return graph.constant(`${node.name}/kernel`, [outputs, ...shape.slice(0, -1)], () =>
    Float32Array.from(data, (_, i) => data[(i % inner) * outputs + Math.floor(i / inner)]!),
  )
}
