/** Layers whose sums of products may not fit 32 bits: a finding on every target, for every kernel adds in 32 bits and wraps beyond. */
import type { Graph } from '../../graph/ir/graph.ts'
import { accumulatorBounds, accumulatorMost } from '../../quantise/accumulators.ts'
import type { Finding } from '../define.ts'

export const accumulatorOverflow = (graph: Graph): Finding[] =>
  accumulatorBounds(graph)
    .filter(({ bound }) => bound > accumulatorMost)
    .map(({ node, op, place, bound }) => ({
      ...{ code: 'accumulator-overflow', severity: 'warning', node, op, place, costs: 'nothing' },
      says: `sums of products are kept in 32 bits, which hold ${accumulatorMost}, and wrap beyond`,
      found: `the worst input of the worst output channel adds up to ${bound}`,
      hint: 'Take fewer inputs for an output, smaller weights, or a smaller bias.',
    }))
