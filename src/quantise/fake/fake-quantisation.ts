/** From learnt ranges to the scales that training rounds to: those that the file will have. */
import type { Graph } from '../../graph/ir/graph.ts'
import { assign } from '../assign.ts'
import type { Scheme } from '../scheme.ts'
import type { FakeQuantisation, LearntRanges } from './define.ts'

export function fakeQuantisation(graph: Graph<'folded'>, ranges: LearntRanges, scheme: Scheme): FakeQuantisation {
  const { tensors } = assign(graph, (t) => ranges[t], scheme)
  return {
    scheme,
    tensors: new Map(Array.from(tensors, ([t, { scale, zero }]) => [graph.tensors[t]!.name, { scale: scale[0]!, zero: zero[0]! }])),
  }
}
