/** The share of a data set that one thread executes: it takes the next few samples until none is left. */
import { type Graph, size } from '../../graph/ir/graph.ts'
import type { Rounding } from '../../graph/ops/define.ts'
import type { Executor } from '../define.ts'
import { prepareExecutor } from '../execute.ts'
import { loadFastKernels } from '../fast/load.ts'

/** What a data set runs on: int8, or float32 for a network that is not quantised. */
export type Samples = Int8Array | Float32Array

export type Work = {
  readonly graph: Graph
  readonly rounding: Rounding
  /** Samples one after the other; each thread writes only the outputs of the samples that it took. */
  readonly inputs: Samples
  readonly outputs: Samples
  /** One number: the first sample that nobody has taken. Threads add to it atomically. */
  readonly next: Int32Array
}

/** Enough that taking them costs nothing, few enough that threads end together. */
const TAKEN_AT_ONCE = 8

/** Executes samples until `enough` says so or none is left. Each output depends on its own sample only, so who took it does not show. */
export function work({ graph, rounding, inputs, outputs, next }: Work, enough: (executed: number) => boolean): void {
  const executor: Executor = prepareExecutor(graph, { rounding, fast: loadFastKernels() })
  const inSize = size(graph.tensors[graph.inputs[0]!]!.shape)
  const outSize = size(graph.tensors[graph.outputs[0]!]!.shape)
  const count = inputs.length / inSize
  let executed = 0
  while (!enough(executed)) {
    const from = Atomics.add(next, 0, TAKEN_AT_ONCE)
    if (from >= count) return
    const to = Math.min(count, from + TAKEN_AT_ONCE)
    for (let i = from; i < to; i++) outputs.set(executor.run([inputs.subarray(i * inSize, (i + 1) * inSize)])[0] as Samples, i * outSize)
    executed += to - from
  }
}
