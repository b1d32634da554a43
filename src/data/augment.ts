/** Augmentation of standardised images: pad and crop, and a mirror where the data set allows it. */
import { key, uniform } from '../graph/math/random.ts'
import type { ImageShape } from './preprocessor.ts'

export type Augmentation = {
  /** Pixels of padding on each side, 0 (the mean colour, once standardised); the crop has the image's size again. */
  readonly crop: number
  /** Whether to mirror every second image, by chance. */
  readonly mirror: boolean
  readonly seed: number
}

/**
 * Copies an image [height, width, channels] into `into` at `offset`, shifted and perhaps mirrored.
 * The draws depend on (seed, sample, epoch) alone: not on the batch, the order or the thread.
 */
export function augmenter([height, width, channels]: ImageShape, { crop, mirror, seed }: Augmentation) {
  return (image: Float32Array, into: Float32Array, offset: number, sample: number, epoch: number): void => {
    const stream = key(seed, 'augment', sample, epoch)
    const shift = (element: number) => Math.floor(uniform(stream, element) * (2 * crop + 1)) - crop
    const [down, right, flip] = [shift(0), shift(1), mirror && uniform(stream, 2) < 0.5]
    into.fill(0, offset, offset + height * width * channels)
    for (let row = Math.max(0, -down); row < Math.min(height, height - down); row++) {
      for (let column = Math.max(0, -right); column < Math.min(width, width - right); column++) {
        const from = ((row + down) * width + (flip ? width - 1 - column - right : column + right)) * channels
        const to = offset + (row * width + column) * channels
        for (let c = 0; c < channels; c++) into[to + c] = image[from + c]!
      }
    }
  }
}
