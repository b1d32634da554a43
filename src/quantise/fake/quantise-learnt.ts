/** The int8 graph of a network that was trained for it: its own ranges, its weights to the nearest step, and nothing refined. */
import type { Graph } from '../../graph/ir/graph.ts'
import { calibrate } from '../calibrate.ts'
import type { CalibrationSet } from '../calibration-set.ts'
import { proving, sqnrDb } from '../proof.ts'
import { quantiseWith } from '../quantise.ts'
import type { Tuned, TuneOptions } from '../tune.ts'
import type { LearntRanges } from './define.ts'

/** A refinement would bring it closer to the float network, and away from what was trained. Throws as `calibrate` and `quantiseWith` do. */
export function quantiseLearnt(
  folded: Graph<'folded'>,
  { inputs }: CalibrationSet,
  ranges: LearntRanges,
  { scheme, kernels }: Pick<Required<TuneOptions>, 'scheme'> & TuneOptions,
): Tuned {
  const { proof, observe } = proving(folded, inputs)
  calibrate(folded, inputs, [observe], kernels)
  const graph = quantiseWith(folded, (t) => ranges[t], scheme)
  return { graph, folded, steps: [], ranges: { learnt: Object.keys(ranges).length }, sqnrDb: sqnrDb(graph, proof, kernels) }
}
