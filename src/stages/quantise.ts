/** From the trained network to the file: import, strip, fold, calibrate, quantise, write, read back. */
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { countShared, imageDigests } from '../data/leaks.ts'
import { encodePreprocess, preprocessKey } from '../data/preprocess.ts'
import { sample } from '../data/sample.ts'
import { assert } from '../errors.ts'
import { prepareExecutor } from '../execute/execute.ts'
import { readTflite } from '../formats/tflite/read.ts'
import { type Graph, size } from '../graph/ir/graph.ts'
import { layerError } from '../quantise/layer-error.ts'
import { macsOf } from '../quantise/macs-of.ts'
import type { LayerNoise } from '../report/define.ts'
import { sha256 } from '../runs/files.ts'
import { version } from '../version.ts'
import { convert, schemeOf } from './convert.ts'
import { type Calibration, defineStage, type State } from './define.ts'
import { handoverOf } from './handover.ts'
import { importTrained } from './imported.ts'
import { floatInputs } from './inputs.ts'
import { quantisationLines } from './quantisation.ts'

/** Images of the validation split on which each graph stage is held against the one before: fewer where a network is so large that it takes minutes. */
const proofImages = 32

/** Of those, images on which each tensor of the int8 graph is held against the float one. */
const noiseImages = 8

/** Multiply-accumulates of one graph over these images, on plain kernels: some 10 s. */
const affordableMacs = { proof: 4e9, noise: 1e9 }

const affords = (graph: Graph, images: number, macs: number): number =>
  Math.max(1, Math.min(images, Math.floor(macs / Math.max(1, macsOf(graph)))))

/** What a stage may change, as a share of the largest output: the issue of float sums in another order, and no more. */
const allowed = { import: 1e-4, strip: 1e-6, fold: 1e-4 } as const

type Facts = Omit<State['model'], 'bytes' | 'sha256' | 'calibration' | 'handover'>

export const quantise = defineStage<'project' | 'target' | 'data' | 'trained', 'model'>({
  name: 'quantise',
  says: 'strip, fold, calibrate, quantise, write',
  key: ({ project, target, trained }) => ({
    quantise: project.quantise,
    scheme: schemeOf(target),
    // What the target must have, where something smooth may be left.
    operators: project.quantise.allow ? [] : target.support.operators,
    seed: project.seed,
    files: 4,
    ranges: trained.ranges,
    import: target.import,
    weights: [...trained.weights].map(([name, w]) => [name, sha256(new Uint8Array(w.buffer, w.byteOffset, w.byteLength))]),
  }),
  make: async (state, { progress }) => {
    const { project, data } = state
    const { model, imported } = await importTrained(state, metadataOf(state))
    const { train, validation } = data.set.splits
    const indices = sample(train, project.quantise.calibration, project.seed)
    const { method, refine, allow, mixed } = project.quantise
    const { stripped, folded, tuned, quantised, bytes, quantisation } = convert(imported, floatInputs(train, data.preprocess, indices), {
      ...{ method, refine, mixed, target: state.target, ranges: state.trained.ranges },
      // A network that shall stay smooth was asked for by name.
      allow: allow || project.pea.ensemble === 'smooth',
    })
    const proofs = [
      ...floatInputs(validation, data.preprocess, range(Math.min(affords(folded, proofImages, affordableMacs.proof), validation.count))),
    ].map((image) => image.slice())
    const differences = proveEqual(model, { import: imported, strip: stripped, fold: folded }, proofs)
    for (const [stage, difference] of Object.entries(differences))
      progress.note(`${stage.padEnd(6)} changes outputs by at most ${difference.toExponential(1)} of the largest`)
    for (const line of quantisationLines(quantisation)) progress.note(line)
    const layerErrors = layerError(tuned, quantised, proofs.slice(0, affords(folded, noiseImages, affordableMacs.noise))).map(noiseOf)
    const facts: Facts = {
      operators: quantised.nodes.length,
      parameters: parametersOf(readTflite(bytes)),
      differences,
      quantisation,
      layerErrors,
    }
    progress.note(`${facts.operators} operators, ${bytes.length} bytes, calibrated on ${indices.length} images${worstOf(layerErrors)}`)
    const calibration = calibrationOf(state, indices)
    const handover = handoverOf(state.target, folded, floatInputs(train, data.preprocess, indices))
    return {
      'model.tflite': bytes,
      'quantise.json': `${JSON.stringify(facts, null, 2)}\n`,
      'calibration.json': `${JSON.stringify(calibration)}\n`,
      ...(handover && { 'float.tflite': handover.model, 'calibration.npy': handover.calibration }),
    }
  },
  load: async (files) => {
    const bytes = files['model.tflite']!
    const facts = JSON.parse(Buffer.from(files['quantise.json']!).toString()) as Facts
    const calibration = JSON.parse(Buffer.from(files['calibration.json']!).toString()) as Calibration
    const [model, images] = [files['float.tflite'], files['calibration.npy']]
    const handover = model && images && { handover: { model, calibration: images } }
    return { model: { ...facts, calibration, ...handover, bytes, sha256: sha256(bytes) } }
  },
})

function calibrationOf({ project, data }: Pick<State, 'project' | 'data'>, indices: Uint32Array): Calibration {
  const { train, validation, test } = data.set.splits
  const digests = [...imageDigests(train, indices)]
  const among = new Set(digests)
  const alsoIn = { validation: countShared(among, validation), test: countShared(among, test) }
  return { split: 'train', seed: project.seed, indices: [...indices], sha256: sha256(digests.join('\n')), alsoIn }
}

/** What travels in the file: the preprocessing contract, the classes, and what made it. */
function metadataOf({ project, data }: Pick<State, 'project' | 'data'>): Record<string, string> {
  const { network, train, pea, quantise, seed } = project
  const { threads: _, ...recipe } = train
  const digests = Object.fromEntries(Object.entries(data.set.splits).map(([name, split]) => [name, split.digest]))
  return {
    [preprocessKey]: encodePreprocess(data.preprocess),
    'peapod.classes': JSON.stringify(data.set.classes),
    'peapod.provenance': JSON.stringify({ peapod: version, network, recipe, pea, quantise, seed, data: { name: data.set.name, digests } }),
  }
}

/** Runs the model and each graph on real images; each is held against the one before it. */
function proveEqual(
  model: LayersModel,
  graphs: Readonly<Record<keyof typeof allowed, Graph>>,
  images: readonly Float32Array[],
): Record<string, number> {
  let before = images.map((image) => predictOne(model, image))
  const differences: Record<string, number> = {}
  for (const [stage, graph] of Object.entries(graphs) as [keyof typeof allowed, Graph][]) {
    const executor = prepareExecutor(graph)
    const after = images.map((image) => (executor.run([image])[0] as Float32Array).slice())
    const largest = Math.max(...before.map((out) => out.reduce((a, b) => Math.max(a, Math.abs(b)), 0)))
    const gap = Math.max(...after.map((out, i) => out.reduce((worst, v, k) => Math.max(worst, Math.abs(v - before[i]![k]!)), 0)))
    differences[stage] = gap / largest
    assert(
      differences[stage] <= allowed[stage],
      `${stage} changed outputs by ${differences[stage]} of the largest, allowed ${allowed[stage]}`,
    )
    before = after
  }
  return differences
}

/** JSON has no infinity. */
const noiseOf = ({ name, op, sqnrDb, maxSteps }: ReturnType<typeof layerError>[number]): LayerNoise => ({
  ...{ name, op, maxSteps },
  sqnrDb: Number.isFinite(sqnrDb) ? sqnrDb : null,
})

function worstOf(errors: readonly LayerNoise[]): string {
  const noisy = errors.filter((e) => e.sqnrDb !== null).sort((a, b) => a.sqnrDb! - b.sqnrDb!)[0]
  return noisy ? `; worst layer ${noisy.name} at ${noisy.sqnrDb!.toFixed(1)} dB` : ''
}

const predictOne = (model: LayersModel, image: Float32Array): Float32Array =>
  tf.tidy(() => {
    const [height, width, channels] = model.inputs[0]!.shape.slice(1) as [number, number, number]
    return (model.predict(tf.tensor4d(image, [1, height, width, channels])) as tf.Tensor).dataSync().slice() as Float32Array
  })

const range = (n: number) => Uint32Array.from({ length: n }, (_, i) => i)

/** Weights and biases of the file. */
const parametersOf = ({ tensors }: Graph): number => tensors.reduce((sum, t) => sum + (t.data && t.quant ? size(t.shape) : 0), 0)
