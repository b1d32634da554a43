/** What a refinement of an int8 graph is, and what became of it. */
import type { Graph } from '../../graph/ir/graph.ts'
import type { Observed } from './observe.ts'

/** A function graph → graph that uses what was observed of the float graph's layers. */
export type Refinement = {
  readonly name: string
  /** What it does, in one sentence. */
  readonly says: string
  run(folded: Graph<'folded'>, int8: Graph<'quantised'>, layers: ReadonlyMap<number, Observed>): Graph<'quantised'>
}

/** One step on the way to the int8 graph, scored on calibration inputs by `sqnrDb` of the judged tensors. */
export type Step = {
  readonly name: string
  readonly says: string
  readonly beforeDb: number
  readonly afterDb: number
  /** Whether it stays: only where it helps. */
  readonly kept: boolean
}
