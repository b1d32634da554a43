/** A model's logits over a feed, by a backend's forward pass. */
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Backend, Batch, Step } from '../backends/define.ts'
import type { Feed } from './define.ts'

/** Logits of one batch, float32 [size, classes], in parts that the step takes: at most `batchSize` images at once. */
export function logitsOfBatch(step: Step, { images, size }: Batch, batchSize: number): Float32Array {
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

/** Float32 [images, classes], before softmax, in the feed's order: moving statistics, ensembles at their expectation. */
export async function predict(
  backend: Backend,
  model: LayersModel,
  feed: Feed,
  { threads, batchSize = 64 }: { readonly threads: number; readonly batchSize?: number },
): Promise<Float32Array> {
  const optimiser = { name: 'sgd', momentum: 0 } as const
  const step = await backend.prepare(model, { batchSize, optimiser, labelSmoothing: 0, decayOf: () => 0, seed: 0, threads })
  try {
    step.load()
    const parts = Array.from(feed.epoch(0), (batch) => logitsOfBatch(step, batch, batchSize).slice())
    const logits = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const part of parts) {
      logits.set(part, at)
      at += part.length
    }
    return logits
  } finally {
    step.dispose()
  }
}
