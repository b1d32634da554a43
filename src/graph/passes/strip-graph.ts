/** The strip stage: from a graph with ensembles to one of ReLU and ReLU6. */
import type { Graph } from '../ir/graph.ts'
import { validate } from '../ops/validate.ts'
import { stripPasses } from './passes.ts'

/** Computes the same, to the bit. Throws UserError `not-stripped` where an ensemble's alpha is not 1. */
export const stripGraph = (graph: Graph<'imported'>): Graph<'stripped'> =>
  validate({ ...stripPasses.reduce((g, pass) => pass.run(g), graph), phase: 'stripped' })
