/** Trains a model by a recipe: steps, callbacks, validation, checkpoints, and the best epoch of the final phase. */
import { CallbackList, type CustomCallback, type LayersModel } from '@tensorflow/tfjs-layers'
import { UserError } from '../../errors.ts'
import type { LearntRanges } from '../../quantise/fake/define.ts'
import { type Aware, awarePhase } from '../aware/phase.ts'
import type { Backend, KernelTime, Step } from '../backends/define.ts'
import { AlphaSchedule } from '../pea/alpha-schedule.ts'
import { numberEnsembles } from '../pea/find-ensembles.ts'
import { planFor } from '../pea/plan.ts'
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts'
import { decayOf } from './decay.ts'
import type { Best, EpochRecord, Feed, Progress, Recipe } from './define.ts'
import { diverged } from './diverged.ts'
import { evaluate } from './evaluate.ts'
import { fallWarning } from './fall.ts'
import { Interrupted } from './interrupted.ts'
import { rateAt } from './rates.ts'
import { settingsDigest } from './settings-digest.ts'
import { type Draft, draftOf, freshDraft, fromCheckpoint, type State, toCheckpoint } from './state.ts'
import { Stopwatch } from './stopwatch.ts'
import { trainEpoch } from './train-epoch.ts'
import { firstNonFiniteWeight, readWeights, writeWeights } from './weights.ts'

export type FitOptions = {
  readonly model: LayersModel
  readonly backend: Backend
  readonly recipe: Recipe
  readonly train: Feed
  readonly validation: Feed
  readonly seed: number
  readonly threads: number
  /** Measure each kernel, on one thread. */
  readonly profile?: boolean
  /** Names what else the result depends on, such as the data: a checkpoint made under another name is refused. */
  readonly digest: string
  /** Train the last part of the final phase as int8 will compute. */
  readonly aware?: Aware | undefined
  /** tfjs callbacks; the one that drives the ensembles is added. */
  readonly callbacks?: readonly CustomCallback[]
  readonly onProgress?: (progress: Progress) => void
  /** Stops the training after the current step; it saves and throws `Interrupted`. */
  readonly signal?: AbortSignal
  /** What `save` was last given: the training goes on to the bytes that it would have reached uninterrupted. */
  readonly checkpoint?: Uint8Array
  /** Given a checkpoint after every epoch and on interruption; never one with a NaN. */
  readonly save?: (checkpoint: Uint8Array) => void | Promise<void>
}

export type FitResult = {
  readonly history: readonly EpochRecord[]
  readonly best: Best
  /** Of the steps done here, the slowest first; there where `profile` was asked for. */
  readonly profile?: readonly KernelTime[]
  /** The ranges that the network was trained for, where it was trained for int8. */
  readonly ranges?: LearntRanges
}

/** What networks are chosen by. */
const merit = ({ meanIou, accuracy }: Omit<Best, 'epoch'>): number => meanIou ?? accuracy

const isBetter = (a: Omit<Best, 'epoch'>, b: Best | null): boolean =>
  b === null || merit(a) > merit(b) || (merit(a) === merit(b) && a.loss < b.loss)

/**
 * The model ends with the weights of its best epoch and every ensemble at alpha = 1; where it is trained for int8, the best of those with
 * the ranges of the file, by what int8 makes of them. Throws `training-diverged`, `checkpoint-*`, `aware-*`, `Interrupted`.
 */
export async function fit(options: FitOptions): Promise<FitResult> {
  const { model, backend, recipe, train, validation, seed, threads, profile = false, signal, onProgress } = options
  if (train.steps < 1 || validation.steps < 1)
    throw new UserError('too-few-images', 'There are too few images for a single batch.', {
      found: `${train.steps} training and ${validation.steps} validation batches`,
      expected: 'at least one of each',
      hint: 'Lower train.batchSize.',
    })
  const run = { epochs: recipe.epochs, stepsPerEpoch: train.steps }
  const plan = planFor(model, recipe.phases, run)
  const refusal = backend.refuses(model)
  if (refusal !== undefined) throw new UserError('backend-refuses', `The ${backend.name} backend cannot train this model: ${refusal}.`)

  const phase = options.aware && awarePhase(model, backend, plan, run, options.aware)

  const digest = settingsDigest(model, { recipe, seed, steps: train.steps, also: options.digest })
  const saved = options.checkpoint && fromCheckpoint(decodeCheckpoint(options.checkpoint), model, digest)
  if (saved) writeWeights(model, saved.weights)
  const draft = saved ? draftOf(saved) : freshDraft()

  const ensembles = numberEnsembles(model, seed)
  const { batchSize, optimiser, labelSmoothing, decay } = recipe
  const decays = { decayOf: decayOf(model, decay), decoupledDecay: decay.form === 'decoupled' }
  const prepare = (): Promise<Step> => {
    const fake = phase && draft.learnt ? { fake: phase.fake(draft.learnt) } : {}
    return backend.prepare(model, { batchSize, optimiser, labelSmoothing, ...decays, seed, threads, profile, ...fake })
  }
  let step = await prepare()
  let times: readonly KernelTime[] | undefined
  try {
    if (saved) step.restoreOptimiser(saved.momentum)
    const callbacks = new CallbackList([new AlphaSchedule(model, recipe.phases, run), ...(options.callbacks ?? [])])
    callbacks.setModel(model)
    callbacks.setParams({ epochs: run.epochs, steps: run.stepsPerEpoch, batchSize, doValidation: true })
    const watch = new Stopwatch((run.epochs - draft.epoch) * run.stepsPerEpoch - draft.step)
    const save = async (): Promise<void> => options.save?.(encodeCheckpoint(toCheckpoint(capture(model, step, draft, digest))))

    await callbacks.onTrainBegin()
    while (draft.epoch < run.epochs) {
      const { epoch } = draft
      await callbacks.onEpochBegin(epoch)
      if (phase?.due(epoch, draft.learnt)) {
        step.store()
        // What the optimiser knows of weights is of no use for those that took in a normalisation.
        const moments = epoch === phase.from ? new Map<string, Float32Array>() : new Map(step.optimiserState())
        step.dispose()
        draft.learnt = phase.learn(epoch)
        step = await prepare()
        step.restoreOptimiser(moments)
      }
      watch.startEpoch()
      try {
        await trainEpoch(draft, { step, feed: train, recipe, plan, callbacks, watch, signal, onProgress })
      } catch (stopped) {
        if (stopped instanceof Interrupted) await save()
        throw stopped
      }
      const { imagesPerSecond } = watch
      const { weights } = capture(model, step, draft, digest)
      const last = (epoch + 1) * run.stepsPerEpoch - 1
      const alpha = plan.set(last)
      const validated = evaluate(step, validation, batchSize)
      if (!Number.isFinite(validated.loss)) throw diverged(`the validation of epoch ${epoch + 1}`, undefined)
      const record: EpochRecord = {
        epoch,
        loss: draft.lossSum / Math.max(1, draft.seen),
        accuracy: draft.correct / Math.max(1, draft.seen),
        validationLoss: validated.loss,
        validationAccuracy: validated.accuracy,
        ...(validated.meanIou !== undefined && { validationMeanIou: validated.meanIou }),
        alpha,
        rate: rateAt(recipe.rate, last, run),
        imagesPerSecond,
      }
      const eligible = alpha === 1 && epoch >= (phase?.frozen ?? 0)
      if (eligible && isBetter(validated, draft.best)) Object.assign(draft, { best: { epoch, ...validated }, bestWeights: weights })
      const { history, best, learnt, bestWeights } = draft
      Object.assign(draft, freshDraft(), { epoch: epoch + 1, history: [...history, record], best, learnt, bestWeights })
      await callbacks.onEpochEnd(epoch, {
        loss: record.loss,
        acc: record.accuracy,
        val_loss: record.validationLoss,
        val_acc: record.validationAccuracy,
      })
      await save()
      const steps = run.stepsPerEpoch
      const warning = fallWarning(draft.history, model)
      const at = { epochs: run.epochs, step: steps, steps, remainingMs: watch.remainingMs }
      onProgress?.({ ...record, ...at, record, ...(warning !== undefined && { warning }) })
    }
    await callbacks.onTrainEnd()
    times = step.profile?.()
  } finally {
    step.dispose()
  }
  writeWeights(model, draft.bestWeights!)
  for (const ensemble of ensembles) ensemble.alpha = 1
  const { history, best, learnt } = draft
  return { history, best: best!, ...(times && { profile: times }), ...(learnt && { ranges: learnt.ranges }) }
}

/** The state after the last step; the model's own variables are brought up to it. */
function capture(model: LayersModel, step: Step, draft: Draft, digest: string): State {
  step.store()
  const weights = readWeights(model)
  const broken = firstNonFiniteWeight(weights)
  if (broken !== undefined) throw diverged(`epoch ${draft.epoch + 1}, step ${draft.step}`, broken)
  const momentum = new Map([...step.optimiserState()].map(([name, values]) => [name, values.slice()]))
  return { ...draft, digest, weights, momentum }
}
