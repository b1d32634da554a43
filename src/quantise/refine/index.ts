// One line per refinement of int8 graphs, in the order in which they are tried. The namespace of this file is the registry.
import { correctBias } from './correct-bias.ts'
import type { Refinement } from './define.ts'
import { roundWeights } from './round-weights.ts'

export const adaptiveRounding: Refinement = {
  name: 'adaptive-rounding',
  says: 'weights go up or down so that layers, not weights, come closest',
  run: roundWeights,
}
export const biasCorrection: Refinement = {
  name: 'bias-correction',
  says: 'biases take up the mean error of rounded weights',
  run: correctBias,
}
