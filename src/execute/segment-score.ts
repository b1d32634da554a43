/** Classes of pixels against labels: intersection over union, as the Cityscapes evaluator counts it. */
import { assert } from '../errors.ts'
import { argmax, type Score } from './score.ts'

/** Counts of [actual][predicted], row-major; the column behind the last class counts predictions that are none of the classes. */
export type PixelCounts = { readonly classes: number; readonly counts: Float64Array }

/** `iou` of a class is null where neither labels nor predictions that count have it; `meanIou` is over the others, null without any. */
export type SegmentScore = {
  /** Labels that count. */
  readonly pixels: number
  /** 0 to 1; 0 where no label counts. */
  readonly accuracy: number
  readonly iou: readonly (number | null)[]
  readonly meanIou: number | null
}

export const noPixels = (classes: number): PixelCounts => ({ classes, counts: new Float64Array(classes * (classes + 1)) })

/** Adds pixels to the counts. A label that is none of the classes, such as 255 or -1, is ignored, whatever was predicted there. */
export function addPixels({ classes, counts }: PixelCounts, predicted: ArrayLike<number>, labels: ArrayLike<number>): void {
  assert(predicted.length === labels.length, `${predicted.length} predictions are not ${labels.length} labels`)
  for (let i = 0; i < labels.length; i++) {
    const [actual, guess] = [labels[i]!, predicted[i]!]
    if (!(actual >= 0 && actual < classes)) continue
    counts[actual * (classes + 1) + (guess >= 0 && guess < classes ? guess : classes)]! += 1
  }
}

/** The class of each pixel from scores in any scale, [pixels, classes]; a tie at the top goes to the lower class. */
export const classesOf = (scores: ArrayLike<number>, classes: number): Uint16Array =>
  Uint16Array.from({ length: scores.length / classes }, (_, i) => argmax(scores, i * classes, classes))

/**
 * IoU = TP / (TP + FP + FN), pixels of all images together (Cordts et al. 2016, Sec. 4.1; `cityscapesscripts`). A prediction on an
 * ignored pixel is no false positive; one that is none of the classes is a false negative.
 */
export function segmentScore({ classes, counts }: PixelCounts): SegmentScore {
  const at = (actual: number, guess: number): number => counts[actual * (classes + 1) + guess]!
  const all = Array.from({ length: classes }, (_, k) => k)
  const iou = all.map((k) => {
    const labelled = all.reduce((sum, guess) => sum + at(k, guess), at(k, classes))
    const guessed = all.reduce((sum, actual) => sum + at(actual, k), 0)
    const union = labelled + guessed - at(k, k)
    return union === 0 ? null : at(k, k) / union
  })
  const there = iou.filter((value) => value !== null)
  const pixels = counts.reduce((sum, n) => sum + n, 0)
  const right = all.reduce((sum, k) => sum + at(k, k), 0)
  return {
    pixels,
    accuracy: pixels === 0 ? 0 : right / pixels,
    iou,
    meanIou: there.length ? there.reduce((sum, value) => sum + value, 0) / there.length : null,
  }
}

/** What both kinds of networks report: here samples are images, and the rest counts pixels. */
export type PixelScore = Score & { readonly pixels: number; readonly iou: SegmentScore['iou']; readonly meanIou: number }

/** `meanIou` is 0 where no pixel counts. */
export function pixelScore(pixelCounts: PixelCounts, samples: number): PixelScore {
  const { classes, counts } = pixelCounts
  const { meanIou, ...score } = segmentScore(pixelCounts)
  const rows = Array.from({ length: classes }, (_, k) => Array.from(counts.subarray(k * (classes + 1), (k + 1) * (classes + 1))))
  const recall = rows.map((row, k) => {
    const labelled = row.reduce((a, b) => a + b, 0)
    return labelled ? row[k]! / labelled : null
  })
  return { samples, ...score, meanIou: meanIou ?? 0, recall, confusion: rows.map((row) => row.slice(0, classes)) }
}
