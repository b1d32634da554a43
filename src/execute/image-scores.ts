/** How a network did on each image of a set, one by one: what a bootstrap draws again. */
import { assert } from '../errors.ts'
import { argmax } from './score.ts'
import { addPixels, noPixels } from './segment-score.ts'

/** Of each image: [1] where its class is right, else [0]; where each pixel has one, counts [actual][predicted] as `PixelCounts` has them. */
export type ImageScores = readonly Float64Array[]

/** `values` holds `classes` scores an image, in any scale. */
export const imagesRight = (values: ArrayLike<number>, labels: ArrayLike<number>, classes: number): ImageScores =>
  Array.from(labels, (label, i) => Float64Array.of(argmax(values, i * classes, classes) === label ? 1 : 0))

/** `predicted` and `labels` hold the pixels of `samples` images one after the other. */
export function imagesCounted(predicted: Uint16Array, labels: Uint8Array | Int32Array, samples: number, classes: number): ImageScores {
  const each = labels.length / samples
  return Array.from({ length: samples }, (_, i) => {
    const counts = noPixels(classes)
    addPixels(counts, predicted.subarray(i * each, (i + 1) * each), labels.subarray(i * each, (i + 1) * each))
    return counts.counts
  })
}

/** Float64, little-endian, one image after the other. */
export function encodeImageScores(scores: ImageScores): Uint8Array {
  const width = scores[0]?.length ?? 0
  const all = new Float64Array(scores.length * width)
  for (const [i, one] of scores.entries()) all.set(one, i * width)
  return new Uint8Array(all.buffer)
}

/** `bytes` are of so many images. */
export function decodeImageScores(bytes: Uint8Array, images: number): ImageScores {
  const all = new Float64Array(bytes.slice().buffer)
  const width = images ? all.length / images : 0
  assert(Number.isInteger(width), `${all.length} numbers are not ${images} images`)
  return Array.from({ length: images }, (_, i) => all.subarray(i * width, (i + 1) * width))
}
