/** Loss and accuracy of a step's forward pass over a feed. */
import type { Step } from '../backends/define.ts'
import type { Feed } from './define.ts'
import { logitsOfBatch } from './predict.ts'

/** In parts of at most `batchSize` images. Cross-entropy without label smoothing. A tie counts for the lowest class. */
export function evaluate(step: Step, feed: Feed, batchSize: number): { readonly loss: number; readonly accuracy: number } {
  let lossSum = 0
  let correct = 0
  let seen = 0
  for (const batch of feed.epoch(0)) {
    const { labels, size } = batch
    const logits = logitsOfBatch(step, batch, batchSize)
    const classes = logits.length / size
    for (let n = 0; n < size; n++) {
      const row = logits.subarray(n * classes, (n + 1) * classes)
      const top = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
      const logSum = top + Math.log(row.reduce((sum, z) => sum + Math.exp(z - top), 0))
      lossSum += logSum - row[labels[n]!]!
      correct += row.indexOf(top) === labels[n] ? 1 : 0
    }
    seen += size
  }
  return { loss: lossSum / seen, accuracy: correct / seen }
}
