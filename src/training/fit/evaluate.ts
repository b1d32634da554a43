/** Loss and accuracy of a step's forward pass over a feed, and the mean IoU where it answers pixels. */

import { UserError } from '../../errors.ts'
import { addPixels, classesOf, noPixels, type PixelCounts, segmentScore } from '../../execute/segment-score.ts'
import type { Step } from '../backends/define.ts'
import type { Feed } from './define.ts'

export type Validated = {
  readonly loss: number
  readonly accuracy: number
  /** Where there are more labels than images: of all pixels that count together. */
  readonly meanIou?: number
}

/**
 * In parts of at most `batchSize` images. Cross-entropy without label smoothing, over the labels that count: negative ones do not. A
 * tie counts for the lowest class. Throws UserError `no-labels` where none counts.
 */
export function evaluate(step: Step, feed: Feed, batchSize: number): Validated {
  const sum = { loss: 0, right: 0, counted: 0 }
  let pixels: PixelCounts | undefined
  for (const { images, labels, size } of feed.epoch(0)) {
    const [perImage, perLabels] = [images.length / size, labels.length / size]
    for (let from = 0; from < size; from += batchSize) {
      const part = Math.min(batchSize, size - from)
      const logits = step.predict(images.subarray(from * perImage, (from + part) * perImage), part)
      const own = labels.subarray(from * perLabels, (from + part) * perLabels)
      const classes = logits.length / own.length
      addLabels(sum, logits, own, classes)
      if (perLabels === 1) continue
      pixels ??= noPixels(classes)
      addPixels(pixels, classesOf(logits, classes), own)
    }
  }
  const { loss, right, counted } = sum
  if (counted === 0)
    throw new UserError('no-labels', 'No label of the images to evaluate on counts: all are ignored.', {
      expected: 'at least one label of a class',
      hint: 'Look at the labels of the validation split: which values the data set ignores.',
    })
  return { loss: loss / counted, accuracy: right / counted, ...(pixels && { meanIou: segmentScore(pixels).meanIou ?? 0 }) }
}

function addLabels(
  sum: { loss: number; right: number; counted: number },
  logits: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
): void {
  for (let n = 0; n < labels.length; n++) {
    const label = labels[n]!
    if (label < 0) continue
    const row = logits.subarray(n * classes, (n + 1) * classes)
    const top = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    sum.loss += top + Math.log(row.reduce((part, z) => part + Math.exp(z - top), 0)) - row[label]!
    sum.right += row.indexOf(top) === label ? 1 : 0
    sum.counted++
  }
}
