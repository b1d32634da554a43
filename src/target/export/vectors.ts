/** Golden vectors: inputs with what our executor answers, in the rounding of TFLM. */
import { prepareExecutor } from '../../execute/execute.ts'
import type { Data, Graph } from '../../graph/ir/graph.ts'
import type { Vector } from './define.ts'

/** `inputs` holds one array for each input of the network, for each vector; `labels` the class of each. */
export function vectorsOf(graph: Graph<'quantised'>, inputs: readonly (readonly Data[])[], labels?: ArrayLike<number>): Vector[] {
  if (!inputs.length) return []
  const executor = prepareExecutor(graph, { rounding: 'tflm' })
  return inputs.map((one, v) => ({
    inputs: one,
    outputs: executor.run(one).map((made) => made.slice() as Data),
    ...(labels && { label: labels[v]! }),
  }))
}
