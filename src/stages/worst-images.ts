/** Which test images the int8 file gets wrong the most. */
import type { ImageScores } from '../execute/image-scores.ts'
import { argmax } from '../execute/score.ts'
import { segmentScore } from '../execute/segment-score.ts'
import type { Quant } from '../graph/ir/graph.ts'
import type { WorstImage } from '../report/define.ts'

const most = 8

/** Of so many images whose pixels have classes: each takes a row of a picture. */
const mostOfPixels = 4

/** Wrong answers, by how far they stand above the true one; in real values, as `quant` gives them. */
export function worstAnswers(
  outputs: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  quant: Quant | undefined,
): WorstImage[] {
  const real = (value: number) => (quant ? (value - quant.zero[0]!) * quant.scale[0]! : value)
  return Array.from({ length: labels.length }, (_, sample) => {
    const predicted = argmax(outputs, sample * classes, classes)
    const actual = labels[sample]!
    const at = (k: number) => real(outputs[sample * classes + k]!)
    return { sample, actual, predicted, score: at(predicted), scoreOfActual: at(actual) }
  })
    .filter(({ actual, predicted }) => actual !== predicted)
    .sort((a, b) => b.score - b.scoreOfActual - (a.score - a.scoreOfActual) || a.sample - b.sample)
    .slice(0, most)
}

/** Images by their own mean IoU, the lowest first; those on which no pixel counts are left out. */
export const worstMasks = (images: ImageScores, classes: number): WorstImage[] =>
  images
    .map((counts, sample) => ({ sample, ...segmentScore({ classes, counts }) }))
    .flatMap(({ sample, meanIou, accuracy }) => (meanIou === null ? [] : [{ sample, meanIou, accuracy }]))
    .sort((a, b) => a.meanIou - b.meanIou || a.sample - b.sample)
    .slice(0, mostOfPixels)
