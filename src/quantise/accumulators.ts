/** The largest value that each integer sum of products can take, whatever the input: kernels add in 32 bits, and wrap beyond. */
import type { Graph } from '../graph/ir/graph.ts'
import { placeOf } from '../graph/ir/walk.ts'
import { weightedAt } from '../graph/passes/linear.ts'

export type AccumulatorBound = {
  /** Index of the node, and the tensor that names its place. */
  readonly node: number
  readonly op: string
  readonly place: string
  /** Of the worst output channel: |bias| + sum |w| x the furthest that an input can lie from its zero point. */
  readonly bound: number
}

/** What 32 bits hold. */
export const accumulatorMost = 2 ** 31 - 1

/** For each int8 convolution and dense layer with constant weights. */
export function accumulatorBounds(graph: Graph): AccumulatorBound[] {
  return graph.nodes.flatMap(({ op }, node) => {
    const linear = weightedAt(graph, node)
    const x = linear && graph.tensors[linear.node.inputs[linear.slots[0]]!]
    if (!linear || x?.dtype !== 'int8' || !x.quant) return []
    const [sums, furthest] = [new Float64Array(linear.outputs), Math.max(127 - x.quant.zero[0]!, x.quant.zero[0]! + 128)]
    const { data } = linear.weights
    for (let i = 0; i < data!.length; i++) sums[linear.outOf(i)]! += Math.abs(Number(data![i]))
    const bias = linear.bias?.data
    const bound = sums.reduce((worst, sum, o) => Math.max(worst, sum * furthest + Math.abs(Number(bias?.[o] ?? 0))), 0)
    return [{ node, op, place: placeOf(graph, node), bound }]
  })
}

/** In words, for each layer whose sum may not fit. */
export const accumulatorFindings = (graph: Graph): string[] =>
  accumulatorBounds(graph)
    .filter(({ bound }) => bound > accumulatorMost)
    .map(({ op, place, bound }) => `${op} at ${place} can add up to ${bound}, and 32 bits hold ${accumulatorMost}: its sums may wrap`)
