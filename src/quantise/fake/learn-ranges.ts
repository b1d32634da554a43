/** The ranges that a network under training has now, chosen as for a file. */
import type { Graph } from '../../graph/ir/graph.ts'
import { calibrate } from '../calibrate.ts'
import type { CalibrationSet } from '../calibration-set.ts'
import { auto, methodOf } from '../method.ts'
import { proving } from '../proof.ts'
import { chooseAuto, chooseOne, type TuneOptions } from '../tune.ts'
import type { LearntRanges } from './define.ts'

/** Throws as `calibrate` and `methodOf` do. */
export function learnRanges(
  graph: Graph<'folded'>,
  { inputs }: CalibrationSet,
  { method = auto, scheme, kernels }: Pick<Required<TuneOptions>, 'scheme'> & TuneOptions,
): LearntRanges {
  const { proof, observe } = proving(graph, inputs)
  const seen = calibrate(graph, inputs, [observe], kernels)
  const { methods } =
    method === auto ? chooseAuto(graph, seen, scheme, proof, kernels, []) : chooseOne(graph, seen, scheme, methodOf(method))
  return Object.fromEntries(Array.from(seen, ([t, one]) => [t, methods.get(t)!.range(one)]))
}
