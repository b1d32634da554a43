/** The fold stage: normalisation goes into weights, activations and padding into the operators beside them. */
import type { Graph } from '../ir/graph.ts'
import { validate } from '../ops/validate.ts'
import { foldPasses } from './passes.ts'

/** Changes no output by more than 1e-4 of the largest. Throws UserError `unfoldable-batch-norm`. */
export const foldGraph = (graph: Graph<'stripped'>): Graph<'folded'> =>
  validate({ ...foldPasses.reduce((g, pass) => pass.run(g), graph), phase: 'folded' })
