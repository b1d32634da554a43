/** The scores of an int8 model that answers each pixel, over a data set that comes in parts, so that memory stays bounded. */
import type { Graph } from '../../graph/ir/graph.ts'
import { type ImageScores, imagesCounted } from '../image-scores.ts'
import { addPixels, classesOf, noPixels, type PixelScore, pixelScore } from '../segment-score.ts'
import { type ExecuteAllOptions, executeAll } from './execute-all.ts'

/** Some samples one after the other, with a label for each of their pixels; labels that are none of the classes do not count. */
export type PixelPart = { readonly inputs: Int8Array; readonly labels: Uint8Array; readonly samples: number }

export type PixelEvaluation = PixelScore & { readonly imagesPerSecond: number }

/** `onPart` hears how many samples are done, and how each of a part came out. Throws as `executeAll` does. */
export async function evaluatePixels(
  model: Graph,
  parts: Iterable<PixelPart>,
  classes: number,
  options: ExecuteAllOptions,
  onPart: (samples: number, scores: ImageScores) => void = () => {},
): Promise<PixelEvaluation> {
  const counts = noPixels(classes)
  const started = performance.now()
  let samples = 0
  for (const part of parts) {
    const predicted = classesOf(await executeAll(model, part.inputs, options), classes)
    addPixels(counts, predicted, part.labels)
    samples += part.samples
    onPart(samples, imagesCounted(predicted, part.labels, part.samples, classes))
  }
  return { ...pixelScore(counts, samples), imagesPerSecond: samples / ((performance.now() - started) / 1000) }
}
