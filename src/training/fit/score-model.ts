/** The scores of a model over a feed, by a backend's forward pass: moving statistics, ensembles at their expectation. */
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type ImageScores, imagesCounted, imagesRight } from '../../execute/image-scores.ts'
import { type Score, score } from '../../execute/score.ts'
import { addPixels, classesOf, noPixels, type PixelScore, pixelScore } from '../../execute/segment-score.ts'
import type { Backend, Batch, Step } from '../backends/define.ts'
import type { Feed } from './define.ts'

export type ScoreOptions = {
  readonly threads: number
  /** Images that go through the network at once; they share its memory. */
  readonly batchSize: number
  /** Hears how each image came out, batch by batch. */
  readonly onImages?: (scores: ImageScores) => void
}

/** Pixels are counted batch by batch where a feed has more labels than images; otherwise the logits of all images are kept. */
export async function scoreModel(
  backend: Backend,
  model: LayersModel,
  feed: Feed,
  classes: number,
  { threads, batchSize, onImages }: ScoreOptions,
): Promise<Score | PixelScore> {
  const optimiser = { name: 'sgd', momentum: 0 } as const
  const step = await backend.prepare(model, { batchSize, optimiser, labelSmoothing: 0, decayOf: () => 0, seed: 0, threads })
  try {
    step.load()
    const pixels = noPixels(classes)
    const all: number[] = []
    const given: number[] = []
    let samples = 0
    for (const batch of feed.epoch(0)) {
      const logits = logitsOfBatch(step, batch, batchSize)
      samples += batch.size
      if (batch.labels.length > batch.size) {
        const predicted = classesOf(logits, classes)
        addPixels(pixels, predicted, batch.labels)
        onImages?.(imagesCounted(predicted, batch.labels, batch.size, classes))
      } else {
        onImages?.(imagesRight(logits, batch.labels, classes))
        for (const value of logits) all.push(value)
        for (const label of batch.labels) given.push(label)
      }
    }
    return given.length ? score(all, given, classes) : pixelScore(pixels, samples)
  } finally {
    step.dispose()
  }
}

/** In parts that the step takes: at most `batchSize` images at once. */
function logitsOfBatch(step: Step, { images, size }: Batch, batchSize: number): Float32Array {
  if (size <= batchSize) return step.predict(images, size)
  const per = images.length / size
  let logits = new Float32Array(0)
  for (let from = 0; from < size; from += batchSize) {
    const part = Math.min(batchSize, size - from)
    const some = step.predict(images.subarray(from * per, (from + part) * per), part)
    if (from === 0) logits = new Float32Array((some.length / part) * size)
    logits.set(some, (from * some.length) / part)
  }
  return logits
}
