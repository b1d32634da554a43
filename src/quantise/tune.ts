/** From a folded float graph and calibration inputs to the best int8 graph: each step is scored on the set, and stays where it helps. */
import { type Graph, size } from '../graph/ir/graph.ts'
import { validate } from '../graph/ops/validate.ts'
import { calibrate, type Kernels, type Observer, type Ranges } from './calibrate.ts'
import type { CalibrationSet } from './calibration-set.ts'
import { type Choice, chooseRanges, type ScoredChoice } from './choose-ranges.ts'
import { macsOf } from './macs-of.ts'
import { auto, methodOf, methods } from './method.ts'
import type { Method } from './methods/define.ts'
import { minMax } from './methods/min-max.ts'
import { chooseMixed } from './mixed/choose.ts'
import type { Mixed, MixedOptions } from './mixed/define.ts'
import { judgedTensors, type Proof, part, proving, sqnrDb } from './proof.ts'
import { quantiseGraph, quantiseWith } from './quantise.ts'
import type { Step } from './refine/define.ts'
import { type Exponents, equalisation, equalise, equalisedKey, pairsOf } from './refine/equalise.ts'
import * as refinements from './refine/index.ts'
import { observing } from './refine/observe.ts'
import { type Scheme, tfliteScheme } from './scheme.ts'
import { trialOf } from './trial.ts'
import { weightForms } from './weight-forms.ts'

export type TuneOptions = {
  /** `auto`, or a name in `methods`. */
  readonly method?: string
  readonly scheme?: Scheme
  /** Whether equalisation, adaptive rounding and bias correction are tried; true by default. */
  readonly refine?: boolean
  readonly kernels?: Kernels | undefined
  /** Which layers may stay wider than int8; none where absent. */
  readonly mixed?: MixedOptions | undefined
}

export type Tuned = {
  readonly graph: Graph<'quantised'>
  /** The float graph that it stands for: equalised, where that stayed. */
  readonly folded: Graph<'folded'>
  readonly steps: readonly Step[]
  /** How many tensors have their range by which method. */
  readonly ranges: Readonly<Record<string, number>>
  /** Signal to noise on the whole set at the end, in dB. */
  readonly sqnrDb: number
  /** What stayed wide, where that was asked for. */
  readonly mixed?: Mixed
}

/** What a step must gain in dB: less is chance. */
const worthDb = 0.05

/** Inputs on which equalisation is tried. */
const trial = 32

/** Multiply-accumulates that the choice of ranges may take: some 3 s with compiled kernels, and as much without. */
const affordable = { compiled: 2e10, plain: 1e9 }

/** The least number of inputs on which a range is chosen tensor by tensor; a network that does not afford it gets one method for all. */
const fewest = 8
const enough = 48

/** What one scoring of the whole set may take, in multiply-accumulates (some 5 s) and in values that are kept: a large network is judged on a part of it. */
const judged = { macs: 2e10, values: 2 ** 26 }

function judgedInputs(graph: Graph, inputs: readonly Float32Array[]): readonly Float32Array[] {
  const values = judgedTensors(graph).reduce((sum, t) => sum + size(graph.tensors[t]!.shape), 0)
  const affords = Math.floor(Math.min(judged.macs / Math.max(1, macsOf(graph)), judged.values / Math.max(1, values)))
  return inputs.slice(0, Math.max(fewest, affords))
}

/** The same bytes for the same set of inputs. Throws as `calibrate`, `methodOf` and `quantiseGraph` do. */
export function tune(graph: Graph<'folded'>, { inputs }: CalibrationSet, options: TuneOptions = {}): Tuned {
  const { method: name = auto, scheme = tfliteScheme, refine = true, kernels, mixed: wanted } = options
  const steps: Step[] = []
  const folded = refine ? equalised(graph, inputs, scheme, kernels, steps) : graph
  const { proof, observe } = proving(folded, judgedInputs(folded, inputs))
  const { layers, observe: observeLayers } = observing(folded, inputs.length, kernels)
  const ranges = calibrate(folded, inputs, refine ? [observe, observeLayers] : [observe], kernels)
  const scored = (one: Choice): ScoredChoice => ({ ...one, score: sqnrDb(one.graph, proof, kernels) })
  const chosen =
    name === auto ? chooseAuto(folded, ranges, scheme, proof, kernels, steps) : scored(chooseOne(folded, ranges, scheme, methodOf(name)))
  let best: { readonly graph: Graph<'quantised'>; readonly score: number } = chosen
  for (const { name, says, run } of refine ? Object.values(refinements) : []) {
    const refined = validate(run(folded, best.graph, layers))
    const score = sqnrDb(refined, proof, kernels)
    const kept = score > best.score + worthDb
    steps.push({ name, says, beforeDb: best.score, afterDb: score, kept })
    if (kept) best = { graph: refined, score }
  }
  const done = { folded, steps, ranges: counted(chosen.methods) }
  if (!wanted) return { ...done, graph: best.graph, sqnrDb: best.score }
  const { graph: wide, mixed } = chooseMixed(folded, best.graph, proof, wanted)
  const score = sqnrDb(wide, proof, kernels)
  steps.push({
    name: 'mixed-precision',
    says: 'layers that cost most in int8 stay wider, within the budget',
    ...{ beforeDb: best.score, afterDb: score, kept: mixed.layers.length > 0 },
  })
  return { ...done, graph: wide, sqnrDb: score, mixed }
}

/** One method for all tensors. */
export const chooseOne = (graph: Graph<'folded'>, ranges: Ranges, scheme: Scheme, method: Method): Choice => ({
  methods: new Map(Array.from(ranges.keys(), (t) => [t, method])),
  graph: quantiseGraph(graph, ranges, method, scheme),
})

/** The choice is made on a part of the set, and held against min-max, the first candidate, on all of it. */
export function chooseAuto(
  graph: Graph<'folded'>,
  ranges: Ranges,
  scheme: Scheme,
  proof: Proof,
  kernels: Kernels | undefined,
  steps: Step[],
): ScoredChoice {
  const candidates = [...methods.values()].sort((a, b) => Number(b === minMax) - Number(a === minMax))
  const tries = candidates.length * ranges.size * macsOf(graph)
  const affords = Math.floor((kernels ? affordable.compiled : affordable.plain) / Math.max(1, tries))
  const some = part(proof, Math.min(enough, Math.max(fewest, affords)))
  const forms = weightForms()
  const build = (rangeOf: Parameters<typeof quantiseWith>[1]) => quantiseWith(graph, rangeOf, scheme, forms)
  const scoring = { whole: (int8: Graph<'quantised'>) => sqnrDb(int8, proof, kernels), part: trialOf(some, kernels) }
  const { best, first } = chooseRanges(ranges, candidates, build, scoring, affords >= fewest)
  const [beforeDb, afterDb] = [first.score, best.score]
  const kept = afterDb > beforeDb
  steps.push({ name: 'auto-ranges', says: 'each tensor has the range under which the network comes closest', beforeDb, afterDb, kept })
  return kept ? best : first
}

/** Tried on some inputs, with ranges of min-max. What was done stands in the metadata, so that layers can be compared later. */
function equalised(
  graph: Graph<'folded'>,
  inputs: readonly Float32Array[],
  scheme: Scheme,
  kernels: Kernels | undefined,
  steps: Step[],
): Graph<'folded'> {
  if (!pairsOf(graph).length) return graph
  const some = judgedInputs(graph, inputs).slice(0, trial)
  const scored = (one: Graph<'folded'>, ...also: Observer[]) => {
    const { proof, observe } = proving(one, some)
    return sqnrDb(quantiseGraph(one, calibrate(one, some, [observe, ...also], kernels), minMax, scheme), proof, kernels)
  }
  const peaks = new Map<number, Float64Array>()
  const beforeDb = scored(graph, (t, data) => notePeaks(peaks, graph.tensors[t]!.shape.at(-1) ?? 1, t, data))
  const exponents: Exponents = equalisation(graph, (t) => peaks.get(t)!)
  if (!Object.keys(exponents).length) return graph
  const other = equalise(graph, exponents)
  const afterDb = scored(other)
  const kept = afterDb > beforeDb + worthDb
  steps.push({ name: 'equalisation', says: 'neighbouring layers share the range of their weights', beforeDb, afterDb, kept })
  return kept ? { ...other, metadata: { ...other.metadata, [equalisedKey]: JSON.stringify(exponents) } } : graph
}

function notePeaks(peaks: Map<number, Float64Array>, channels: number, t: number, data: Float32Array): void {
  const peak = peaks.get(t) ?? new Float64Array(channels)
  for (let i = 0; i < data.length; i++) if (data[i]! > peak[i % channels]!) peak[i % channels] = data[i]!
  peaks.set(t, peak)
}

function counted(chosen: ReadonlyMap<number, Method>): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { name } of chosen.values()) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
