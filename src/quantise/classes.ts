/** Classes of tensors and edges that must have one scale, and what each class has to cover. */
import type { Graph } from '../graph/ir/graph.ts'
import { bondsOf, type Edge } from './edges.ts'
import type { Range } from './methods/define.ts'
import { UnionFind } from './union-find.ts'

export type ScaleClass = {
  /** Covers the range of every tensor in it, and of every tensor that a cut edge in it reads. */
  readonly range: Range
  /** Members whose scale an operator fixes. */
  readonly fixed: readonly number[]
  readonly edges: readonly Edge[]
}

export type Classes = { readonly all: Iterable<ScaleClass>; of(id: number): ScaleClass }

/** `tensors` are those that inputs and nodes write; a cut edge does not share the scale of the tensor that it reads. */
export function classesOf(
  graph: Graph,
  edges: readonly Edge[],
  tensors: readonly number[],
  cuts: ReadonlySet<number>,
  rangeOf: (tensor: number) => Range,
  isFixed: (id: number) => boolean,
): Classes {
  const joins = new UnionFind(graph.tensors.length + edges.length)
  const at = new Map(edges.map(({ node, slot, id }) => [`${node}:${slot}`, id]))
  for (const { id, tensor } of edges) if (!cuts.has(id)) joins.join(id, tensor)
  for (const [n, node] of graph.nodes.entries())
    for (const { slot, out, as } of bondsOf(node)) {
      const [one, other] = [out === undefined ? at.get(`${n}:${slot}`) : node.outputs[out], at.get(`${n}:${as}`)]
      if (one !== undefined && other !== undefined) joins.join(one, other)
    }
  const found = new Map<number, { range: Range; fixed: number[]; edges: Edge[] }>()
  const note = (id: number, { min, max }: Range, edge?: Edge): void => {
    const one = found.get(joins.find(id)) ?? { range: { min, max }, fixed: [], edges: [] }
    one.range = { min: Math.min(one.range.min, min), max: Math.max(one.range.max, max) }
    if (isFixed(id)) one.fixed.push(id)
    if (edge) one.edges.push(edge)
    found.set(joins.find(id), one)
  }
  for (const t of tensors) note(t, rangeOf(t))
  for (const edge of edges) note(edge.id, rangeOf(edge.tensor), edge)
  return { all: found.values(), of: (id) => found.get(joins.find(id))! }
}
