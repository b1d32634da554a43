/** What running a graph on this machine means. */
import type { Data, Graph } from '../graph/ir/graph.ts'
import type { Rounding } from '../graph/ops/define.ts'

export type ExecuteOptions = {
  /** Which reference's rounding of FULLY_CONNECTED; `tflm` by default. */
  readonly rounding?: Rounding
  /** Whether faster kernels of the same bits may stand in for the rooms' own; true by default. */
  readonly fast?: boolean
}

export type Executor = {
  readonly graph: Graph
  /**
   * One inference. `inputs` holds the elements of each graph input in its own dtype; returns the outputs likewise, valid until the next run.
   * `see` is called with each tensor's index and elements as soon as a node has written it.
   */
  run(inputs: readonly Data[], see?: (tensor: number, data: Data) => void): Data[]
}
