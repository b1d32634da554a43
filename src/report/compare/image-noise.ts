/** What a finite test set says of two networks that saw the same images: the bootstrap (Efron 1979) over whole images, both drawn together. */
import type { ImageScores } from '../../execute/image-scores.ts'
import { type PixelCounts, pixelScore } from '../../execute/segment-score.ts'
import { key, uniform } from '../../graph/math/random.ts'
import { intervalOf, type Range, resamples, seed } from './interval.ts'

export type ImageNoise = Readonly<Record<string, Range>>

/**
 * 95 % intervals by metric. Of images with one class each: of what int8 loses alone, since the counts by class give the rest. Of images
 * whose pixels have classes: of all, since the pixels of one image go together.
 */
export function imageNoise(float: ImageScores, int8: ImageScores, classes: number): ImageNoise {
  if (int8.length < 2 || float.length !== int8.length) return {}
  const draws = Array.from({ length: resamples }, (_, n) => drawn(int8.length, n))
  if (int8[0]!.length === 1) {
    const lost = int8.map((one, i) => float[i]![0]! - one[0]!)
    return { accuracyDrop: intervalOf(draws.map((times) => times.reduce((sum, t, i) => sum + t * lost[i]!, 0) / lost.length)) }
  }
  const [f, q] = [float, int8].map((side) => draws.map((times) => pixelScore(sumOf(side, times, classes), side.length))) as [Scores, Scores]
  const of = (value: (f: Scores[number], q: Scores[number]) => number): Range => intervalOf(draws.map((_, n) => value(f[n]!, q[n]!)))
  return {
    floatAccuracy: of((a) => a.accuracy),
    int8Accuracy: of((_, b) => b.accuracy),
    accuracyDrop: of((a, b) => a.accuracy - b.accuracy),
    lowestRecall: of((_, b) => lowest(b.recall)),
    floatMeanIou: of((a) => a.meanIou),
    int8MeanIou: of((_, b) => b.meanIou),
    meanIouDrop: of((a, b) => a.meanIou - b.meanIou),
    lowestIou: of((_, b) => lowest(b.iou)),
  }
}

type Scores = ReturnType<typeof pixelScore>[]

const lowest = (values: readonly (number | null)[]): number => values.reduce<number>((least, v) => Math.min(least, v ?? 1), 1)

/** How often each image came, where as many are drawn as there are. */
function drawn(images: number, n: number): Uint32Array {
  const times = new Uint32Array(images)
  const draw = key(seed, 'test', 2, n)
  for (let i = 0; i < images; i++) times[Math.min(images - 1, Math.floor(uniform(draw, i) * images))]! += 1
  return times
}

function sumOf(scores: ImageScores, times: Uint32Array, classes: number): PixelCounts {
  const counts = new Float64Array(classes * (classes + 1))
  for (const [i, one] of scores.entries()) if (times[i]) for (let k = 0; k < counts.length; k++) counts[k]! += times[i]! * one[k]!
  return { classes, counts }
}
