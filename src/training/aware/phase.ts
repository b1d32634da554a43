/** The part of the final phase in which a network is trained as int8 will compute it (Jacob et al. 2018, Sec. 3). */
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { UserError } from '../../errors.ts'
import { loadFastKernels } from '../../execute/fast/load.ts'
import { importLayers } from '../../formats/tfjs-layers/import-layers.ts'
import type { Graph } from '../../graph/ir/graph.ts'
import { foldGraph } from '../../graph/passes/fold-graph.ts'
import { stripGraph } from '../../graph/passes/strip-graph.ts'
import { calibrationSet } from '../../quantise/calibration-set.ts'
import type { FakeQuantisation, LearntRanges } from '../../quantise/fake/define.ts'
import { fakeQuantisation } from '../../quantise/fake/fake-quantisation.ts'
import { learnRanges } from '../../quantise/fake/learn-ranges.ts'
import type { Scheme } from '../../quantise/scheme.ts'
import type { Backend } from '../backends/define.ts'
import { findEnsembles } from '../pea/find-ensembles.ts'
import type { Plan, RunLength } from '../pea/plan.ts'
import { absorb } from './absorb.ts'
import { awareRefusal } from './refusal.ts'

/** How to train for int8. */
export type Aware = {
  readonly scheme: Scheme
  /** `auto`, or a name in `quantise/methods`. */
  readonly method: string
  /** Preprocessed inputs, from which ranges are chosen; the same ones each time. */
  calibration(): Iterable<Float32Array>
}

/** Ranges, and the epoch at whose start they were learnt. */
export type Learnt = { readonly epoch: number; readonly ranges: LearntRanges }

export type AwarePhase = {
  /** Its first epoch, and the first whose ranges are those of the file: until then each epoch learns them anew. */
  readonly from: number
  readonly frozen: number
  /** Whether ranges are to be learnt before this epoch. */
  due(epoch: number, learnt: Learnt | null): boolean
  /** Learns them from the model, whose normalisations it takes in first where the phase begins. */
  learn(epoch: number): Learnt
  /** What a step rounds to. */
  fake(learnt: Learnt): FakeQuantisation
}

/**
 * It takes the epochs that lie in the final phase whole; the first half of them, rounded down, warm the ranges up. Throws UserErrors
 * `aware-backend`, `aware-layer` and `aware-too-short`.
 */
export function awarePhase(model: LayersModel, backend: Backend, { to }: Plan, run: RunLength, aware: Aware): AwarePhase {
  const refusal = backend.fakes ? awareRefusal(model) : undefined
  if (!backend.fakes || refusal)
    throw new UserError(refusal ? 'aware-layer' : 'aware-backend', 'This network cannot be trained for int8.', {
      found: refusal ?? `the ${backend.name} backend, which has no fake quantisation`,
      expected: refusal ? 'convolutions with batch norm right behind them, ReLU, sums, pools and dense layers' : 'the wasm backend',
      hint: 'Set quantise.aware to false.',
    })
  const from = Math.ceil(to / run.stepsPerEpoch)
  if (from >= run.epochs)
    throw new UserError('aware-too-short', 'No whole epoch of the final phase is left to train for int8.', {
      found: `a final phase from iteration ${to} of ${run.epochs * run.stepsPerEpoch}`,
      expected: 'at least one epoch behind the transition',
      hint: 'Train more epochs, or end the transition earlier.',
    })
  const frozen = from + Math.floor((run.epochs - from) / 2)
  const folded = (): Graph<'folded'> => {
    // Where a training resumes, the schedule has not set them yet.
    for (const ensemble of findEnsembles(model)) ensemble.alpha = 1
    return foldGraph(stripGraph(importLayers(model)))
  }
  return {
    from,
    frozen,
    due: (epoch, learnt) => epoch >= from && learnt?.epoch !== Math.min(epoch, frozen),
    learn(epoch) {
      if (epoch === from) absorb(model)
      const graph = folded()
      const set = calibrationSet(graph, aware.calibration())
      return { epoch, ranges: learnRanges(graph, set, { method: aware.method, scheme: aware.scheme, kernels: loadFastKernels }) }
    },
    fake: ({ ranges }) => fakeQuantisation(folded(), ranges, aware.scheme),
  }
}
