/** Trains the network with its ensembles; what goes on is the best epoch of the final phase. */
import { evaluationBatches, trainingFeed } from '../data/batches.ts'
import type { Split } from '../data/define.ts'
import { UserError } from '../errors.ts'
import { encodeImageScores, type ImageScores } from '../execute/image-scores.ts'
import type { LearntRanges } from '../quantise/fake/define.ts'
import type { Accuracy } from '../report/define.ts'
import { scoreWords } from '../report/score-words.ts'
import { percent } from '../report/writers/words.ts'
import { findBackend } from '../training/backends/find-backend.ts'
import { decodeCheckpoint, encodeCheckpoint } from '../training/fit/checkpoint.ts'
import type { Feed, Progress } from '../training/fit/define.ts'
import { findRecipe } from '../training/fit/find-recipe.ts'
import { fit } from '../training/fit/fit.ts'
import { scoreModel } from '../training/fit/score-model.ts'
import { readWeights } from '../training/fit/weights.ts'
import { alphaSvg } from '../training/pea/alpha-svg.ts'
import { planFor } from '../training/pea/plan.ts'
import { awareOf, awareSettings } from './aware.ts'
import { begin, beginDigest, beginLines } from './begin.ts'
import { defineStage, type State, type TrainingHistory, type World } from './define.ts'
import { backendLines, kernelTable } from './kernel-table.ts'
import { buildModel } from './network.ts'

const evaluationBatch = 100
const scoredAtOnce = 64

export const train = defineStage<'project' | 'target' | 'data', 'trained'>({
  name: 'train',
  says: 'train with progressive ensembles',
  key: async ({ project, target, data }) => {
    const { network, pea, seed } = project
    const { threads: _, init: __, ...recipe } = project.train // the bytes do not depend on threads, nor on where a file lies
    const init = await beginDigest(project)
    const facts = { network, pea, seed, recipe, preprocess: data.preprocess, data: digests(data), mirrors: data.set.mirrors }
    return { ...facts, ...(init && { init }), aware: awareSettings({ project, target }) }
  },
  make: async ({ project, target, data }, world) => {
    const { set, preprocess } = data
    const { recipe: name, backend: backendName, threads, augment, init: _, ...overrides } = project.train
    const { from, to, unit, shape, jumps } = project.pea
    const recipe = findRecipe(name, { ...overrides, from, to, unit, shape, jumps }, project.network.use)
    const model = await buildModel(project, data)
    const begun = await begin(project, model)
    for (const line of begun ? beginLines(begun) : []) world.progress.note(line)
    const init = await beginDigest(project)
    const { backend, refusals } = findBackend(backendName, model)
    for (const refusal of refusals) world.progress.note(refusal)
    const { batchSize, crop } = recipe
    const mirror = recipe.mirror && set.mirrors
    const aware = awareOf({ project, target, data })
    const feed = trainingFeed(set.splits.train, { preprocess, batchSize, crop, mirror, seed: project.seed, ...augment })
    const started = performance.now()
    const options = {
      model,
      backend,
      recipe,
      train: feed,
      validation: evaluationFeed(set.splits.validation, preprocess),
      seed: project.seed,
      threads: threads ?? world.threads,
      profile: world.profile,
      digest: JSON.stringify({ ...digests(data), ...(augment && { augment }), ...(init && { init }), ...(aware && { aware }) }),
      aware,
      onProgress: (p: Progress) => showProgress(p, world),
      signal: world.signal,
      save: (checkpoint: Uint8Array) => world.scratch.write(checkpoint),
    }
    const { history, best, profile, ranges } = await fitOrResume(options, world)
    for (const line of [...(profile ? kernelTable(profile) : []), ...(world.verbose ? backendLines(backend) : [])])
      world.progress.note(line)
    const durationMs = performance.now() - started
    const test = evaluationFeed(set.splits.test, preprocess)
    const images: ImageScores[] = []
    const onImages = (scores: ImageScores) => void images.push(scores)
    const scored = { threads: threads ?? world.threads, batchSize: Math.min(batchSize, scoredAtOnce), onImages }
    const float: Accuracy = await scoreModel(backend, model, test, set.classes.length, scored)
    world.progress.note(`best epoch ${best.epoch + 1} of ${recipe.epochs}; float test ${scoreWords(float)}`)
    const imagesPerSecond = (history.length * feed.steps * batchSize) / (durationMs / 1000)
    const kept: TrainingHistory = { epochs: history, bestEpoch: best.epoch + 1, durationMs, imagesPerSecond }
    const run = { epochs: recipe.epochs, stepsPerEpoch: feed.steps }
    const curves = planFor(model, recipe.phases, run).curves.filter(({ ensembles }) => ensembles.length)
    return {
      'weights.bin': encodeCheckpoint({ json: { network: project.network, seed: project.seed }, arrays: readWeights(model) }),
      'history.json': `${JSON.stringify(kept, null, 2)}\n`,
      'float.json': `${JSON.stringify(float)}\n`,
      'test-images.bin': encodeImageScores(images.flat()),
      ...(begun && { 'init.json': `${JSON.stringify({ ...begun, sha256: init }, null, 2)}\n` }),
      ...(ranges && { 'ranges.json': `${JSON.stringify(ranges)}\n` }),
      ...(curves.length && { 'alpha.svg': alphaSvg(curves, run) }),
    }
  },
  load: async (files) => ({ trained: loadTrained(files) }),
})

/** What the stage's files hold. */
export function loadTrained(files: Readonly<Record<string, Uint8Array>>): State['trained'] {
  const json = (name: string): unknown => JSON.parse(Buffer.from(files[name]!).toString())
  return {
    weights: decodeCheckpoint(files['weights.bin']!).arrays,
    history: json('history.json') as TrainingHistory,
    float: json('float.json') as Accuracy,
    ...(files['test-images.bin'] && { testImages: files['test-images.bin'] }),
    ...(files['ranges.json'] && { ranges: json('ranges.json') as LearntRanges }),
  }
}

const digests = ({ set }: State['data']) => Object.fromEntries(Object.entries(set.splits).map(([name, split]) => [name, split.digest]))

const evaluationFeed = (split: Split, preprocess: State['data']['preprocess']): Feed => ({
  steps: Math.ceil(split.count / evaluationBatch),
  epoch: () => evaluationBatches(split, { preprocess, batchSize: evaluationBatch }),
})

/** A checkpoint of other settings is no reason to stop: it is what the user changed since. */
async function fitOrResume(options: Parameters<typeof fit>[0], { scratch, progress }: World) {
  const checkpoint = await scratch.read()
  if (!checkpoint) return fit(options)
  try {
    progress.note('going on from the checkpoint')
    return await fit({ ...options, checkpoint })
  } catch (error) {
    if (!(error instanceof UserError) || !error.code.startsWith('checkpoint-')) throw error
    progress.note(`${error.message} Training from the beginning.`)
    return fit(options)
  }
}

function showProgress(p: Progress, { progress }: World): void {
  const rate = `${Math.round(p.imagesPerSecond)} images/s`
  const common = `loss ${p.loss.toFixed(3)} accuracy ${percent(p.accuracy, 1)} alpha ${p.alpha.toFixed(2)}`
  if (p.record) {
    const { validationAccuracy, validationMeanIou: iou } = p.record
    const validation = `validation ${percent(validationAccuracy, 1)}${iou === undefined ? '' : `, mean IoU ${percent(iou, 1)}`}`
    progress.note(`epoch ${String(p.epoch + 1).padStart(String(p.epochs).length)}/${p.epochs} ${common} ${validation} ${rate}`)
  }
  if (p.warning !== undefined) progress.note(`WARNING: ${p.warning}`)
  if (!p.record)
    progress.bar({
      label: `epoch ${p.epoch + 1}/${p.epochs}`,
      done: p.epoch * p.steps + p.step,
      total: p.epochs * p.steps,
      says: `${common} ${rate} ${Math.ceil(p.remainingMs / 1000)} s left`,
    })
}
