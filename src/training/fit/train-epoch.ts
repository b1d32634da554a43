/** The steps of one epoch, from where it was left. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CallbackList } from '@tensorflow/tfjs-layers'
import type { Step } from '../backends/define.ts'
import type { Schedule } from '../pea/schedule.ts'
import type { Feed, Progress, Recipe } from './define.ts'
import { diverged } from './diverged.ts'
import { Interrupted } from './interrupted.ts'
import { rateAt } from './rates.ts'
import type { Draft } from './state.ts'
import type { Stopwatch } from './stopwatch.ts'

export type EpochOptions = {
  readonly step: Step
  readonly feed: Feed
  readonly recipe: Recipe
  readonly plan: Schedule
  readonly callbacks: CallbackList
  readonly watch: Stopwatch
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((progress: Progress) => void) | undefined
}

/** Moves the draft on, step by step. Throws `training-diverged`, or `Interrupted` between two steps. */
export async function trainEpoch(
  draft: Draft,
  { step, feed, recipe, plan, callbacks, watch, signal, onProgress }: EpochOptions,
): Promise<void> {
  const run = { epochs: recipe.epochs, stepsPerEpoch: feed.steps }
  const { epoch } = draft
  for (const batch of feed.epoch(epoch, draft.step)) {
    if (signal?.aborted) throw new Interrupted({ epoch, step: draft.step })
    const index = draft.step
    const iteration = epoch * feed.steps + index
    const rate = rateAt(recipe.rate, iteration, run)
    await callbacks.onBatchBegin(index, { batch: index, size: batch.size })
    const { loss, correct, counted } = step.train(batch, { step: iteration, rate })
    if (!Number.isFinite(loss))
      throw diverged(`iteration ${iteration} (epoch ${epoch + 1}, step ${index + 1})`, step.firstNonFinite(batch, { step: iteration }))
    draft.step = index + 1
    draft.lossSum += loss * counted
    draft.correct += correct
    draft.seen += counted
    watch.stepDone(batch.size)
    // A batch may hold no label that counts: an image of nothing but ignored pixels.
    const means = { loss: draft.lossSum / Math.max(1, draft.seen), accuracy: draft.correct / Math.max(1, draft.seen) }
    const { imagesPerSecond, remainingMs } = watch
    await callbacks.onBatchEnd(index, { batch: index, size: batch.size, loss, acc: correct / Math.max(1, counted) })
    onProgress?.({
      epoch,
      epochs: run.epochs,
      step: draft.step,
      steps: feed.steps,
      ...means,
      alpha: plan.alpha(iteration),
      rate,
      imagesPerSecond,
      remainingMs,
    })
    // Lets a signal in.
    await nextTurn()
  }
  if (signal?.aborted) throw new Interrupted({ epoch, step: draft.step })
}
