/** From a float graph to the bytes of an int8 file: strip, fold, calibrate, quantise, write. */
import { decodePreprocess, type Preprocess, preprocessKey } from '../data/preprocess.ts'
import type { Packs } from '../execute/fast/define.ts'
import { loadFastKernels } from '../execute/fast/load.ts'
import { writeTflite } from '../formats/tflite/write.ts'
import type { Graph } from '../graph/ir/graph.ts'
import { foldGraph } from '../graph/passes/fold-graph.ts'
import { stripGraph } from '../graph/passes/strip-graph.ts'
import { accumulatorFindings } from '../quantise/accumulators.ts'
import { calibrationSet } from '../quantise/calibration-set.ts'
import type { LearntRanges } from '../quantise/fake/define.ts'
import { quantiseLearnt } from '../quantise/fake/quantise-learnt.ts'
import type { Range } from '../quantise/methods/define.ts'
import type { MixedOptions } from '../quantise/mixed/define.ts'
import { type Scheme, tfliteScheme } from '../quantise/scheme.ts'
import { tune } from '../quantise/tune.ts'
import { requireFinite } from '../quantise/weights-finite.ts'
import type { Target } from '../target/profiles/schema.ts'
import { version } from '../version.ts'
import type { Quantisation } from './quantisation.ts'
import { requireNoSmooth } from './smooth-left.ts'

export type ConvertOptions = {
  /** `auto`, or a name in `quantise/methods`. */
  readonly method: string
  readonly refine?: boolean
  /** Which layers may stay wider than int8. */
  readonly mixed?: MixedOptions | undefined
  /** Whose scales it shall have, and whose operators it may use. */
  readonly target?: Pick<Target, 'name' | 'support' | 'quantisation'> | undefined
  /** Whether activations that the target lacks may stay. */
  readonly allow?: boolean | undefined
  /** Of a network that was trained for them; method and refine say nothing then. */
  readonly ranges?: LearntRanges | undefined
}

export type Conversion = {
  readonly stripped: Graph<'stripped'>
  readonly folded: Graph<'folded'>
  /** The float graph whose tensors the int8 ones stand for: `folded`, equalised where that helped. */
  readonly tuned: Graph<'folded'>
  readonly quantised: Graph<'quantised'>
  readonly bytes: Uint8Array
  readonly quantisation: Quantisation
}

/** `calibration` gives preprocessed inputs, one at a time. Throws as the passes, `calibrationSet`, `tune` and `requireNoSmooth` do. */
export function convert(imported: Graph<'imported'>, calibration: Iterable<Float32Array>, options: ConvertOptions): Conversion {
  const { method, refine = true, mixed: wanted, target, allow = false, ranges: learnt } = options
  requireFinite(imported)
  const stripped = stripGraph(imported)
  if (target && !allow) requireNoSmooth(stripped, target)
  const folded = foldGraph(stripped)
  const set = calibrationSet(folded, calibration, inputRange(imported))
  const scheme = schemeOf(target)
  const packs: Packs = new WeakMap()
  const how = { method, scheme, refine, kernels: () => loadFastKernels(packs), mixed: wanted }
  const { graph, folded: tuned, ...made } = learnt ? quantiseLearnt(folded, set, learnt, how) : tune(folded, set, how)
  const quantised = { ...graph, metadata: tuned.metadata }
  const quantisation = { ...made, warnings: [...set.warnings, ...accumulatorFindings(quantised)] }
  return { stripped, folded, tuned, quantised, bytes: writeTflite(quantised, { description: `Peapod ${version}` }), quantisation }
}

/** What the target asks of scales, and the TFLite specification for the rest. */
export function schemeOf(target: Pick<Target, 'quantisation'> | undefined): Scheme {
  const { weights, symmetric, powerOfTwo } = { ...tfliteScheme, ...target?.quantisation }
  return {
    weights: weights ?? tfliteScheme.weights,
    symmetric: symmetric ?? tfliteScheme.symmetric,
    powerOfTwo: powerOfTwo ?? tfliteScheme.powerOfTwo,
  }
}

/** What pixels of 0 to 255 become under the graph's preprocessing contract; undefined without one. */
function inputRange({ metadata }: Graph): Range | undefined {
  const text = metadata[preprocessKey]
  if (text === undefined) return undefined
  const { scale, mean, deviation }: Preprocess = decodePreprocess(text)
  const at = (pixel: number): number[] => mean.map((m, c) => (pixel * scale - m) / deviation[c]!)
  return { min: Math.min(...at(0)), max: Math.max(...at(255)) }
}
