/** The same elements in another shape, or the tensor itself where the shape is that already. */
import type { Shape } from '../../graph/ir/graph.ts'
import { reshape } from '../../graph/ops/reshape.ts'
import type { Growth } from '../grow.ts'

export function reshaped(graph: Growth, x: number, shape: Shape, name: string): number {
  const wanted = graph.constant(`${name}/shape`, [shape.length], () => Int32Array.from(shape), 'int32')
  return graph.add(reshape, {}, [x, wanted], name)
}
