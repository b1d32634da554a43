/** Batches, augmentation and samples: every sample once an epoch, the same draws wherever they are asked for. */
import { describe, expect, test } from 'vitest'
import { augmenter } from '../src/data/augment.ts'
import { evaluationBatches, trainingFeed } from '../src/data/batches.ts'
import type { Preprocess } from '../src/data/preprocess.ts'
import { sample } from '../src/data/sample.ts'
import { splitOf } from '../src/data/split.ts'

/** Image i is filled with i; classes are uneven. */
const split = splitOf(
  [2, 2, 3],
  Int32Array.from({ length: 50 }, (_, i) => (i < 30 ? 0 : i < 45 ? 1 : 2)),
  (index, into, offset) => {
    into.fill(index, offset, offset + 12)
  },
)
const preprocess: Preprocess = { height: 2, width: 2, colour: 'rgb', resize: 'none', scale: 1, mean: [0, 0, 0], deviation: [1, 1, 1] }
const options = { preprocess, batchSize: 8, seed: 3, crop: 0, mirror: false }
const ids = (batches: Iterable<{ images: Float32Array; size: number }>) =>
  [...batches].flatMap(({ images, size }) => Array.from({ length: size }, (_, n) => images[n * 12]!))
const eachId = (batches: Iterable<{ images: Float32Array; size: number }>) => {
  const all: number[] = []
  for (const batch of batches) all.push(...ids([batch]))
  return all
}

describe('trainingFeed', () => {
  test('visits each sample at most once an epoch, in whole batches, with its own label', () => {
    const feed = trainingFeed(split, options)
    expect(feed.steps).toBe(6)
    for (const batch of feed.epoch(0)) {
      expect([batch.size, batch.labels.length, batch.images.length]).toEqual([8, 8, 96])
      for (const [n, id] of ids([batch]).entries()) expect(batch.labels[n]).toBe(split.labels[id])
    }
    const seen = eachId(feed.epoch(0))
    expect(new Set(seen).size).toBe(48)
  })

  test('leaves out other samples, in another order, each epoch; the same for the same seed', () => {
    const [a, b] = [trainingFeed(split, options), trainingFeed(split, options)]
    const epochs = Array.from({ length: 30 }, (_, e) => eachId(a.epoch(e)))
    expect(new Set(epochs.flat()).size).toBe(50)
    expect(new Set(epochs.map(String)).size).toBe(30)
    expect(eachId(b.epoch(7))).toEqual(epochs[7])
    expect(eachId(b.epoch(7, 4))).toEqual(epochs[7]!.slice(32))
    expect(eachId(trainingFeed(split, { ...options, seed: 4 }).epoch(7))).not.toEqual(epochs[7])
  })

  test('refuses a batch larger than the split', () => {
    expect(() => trainingFeed(split, { ...options, batchSize: 51 })).toThrowError(expect.objectContaining({ code: 'batch-too-large' }))
  })
})

describe('evaluationBatches', () => {
  test('visits every sample once, in order, the rest in a smaller batch', () => {
    const sizes: number[] = []
    const seen: number[] = []
    for (const batch of evaluationBatches(split, { preprocess, batchSize: 16 })) {
      sizes.push(batch.size)
      seen.push(...ids([batch]))
      expect([batch.images.length, batch.labels.length]).toEqual([batch.size * 12, batch.size])
    }
    expect(sizes).toEqual([16, 16, 16, 2])
    expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => i))
    expect(eachId(evaluationBatches(split, { preprocess, batchSize: 2, indices: [9, 4, 31] }))).toEqual([9, 4, 31])
  })
})

describe('augmenter', () => {
  const shape = [3, 4, 2] as const
  const image = Float32Array.from({ length: 24 }, (_, i) => i + 1)
  const augmented = (crop: number, mirror: boolean, n: number, epoch = 0, seed = 1) => {
    const into = new Float32Array(26).fill(-5)
    augmenter(shape, { crop, mirror, seed })(image, into, 1, n, epoch)
    expect([into[0], into[25]]).toEqual([-5, -5])
    return into.slice(1, 25)
  }
  /** The image moved and mirrored the slow way. */
  const by = (down: number, right: number, flip: boolean) =>
    Float32Array.from({ length: 24 }, (_, i) => {
      const [c, across, row] = [i % 2, Math.floor(i / 2) % 4, Math.floor(i / 8) + down]
      const column = flip ? 3 - (across + right) : across + right
      return row < 0 || row > 2 || column < 0 || column > 3 ? 0 : image[(row * 4 + column) * 2 + c]!
    })
  const places = (flips: readonly boolean[]) =>
    flips.flatMap((flip) => [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right) => String(by(down, right, flip)))))

  test('moves by every offset up to the padding, and mirrors when allowed', () => {
    const drawn = (mirror: boolean) => new Set(Array.from({ length: 400 }, (_, n) => String(augmented(1, mirror, n))))
    expect(drawn(false)).toEqual(new Set(places([false])))
    expect(drawn(true)).toEqual(new Set(places([false, true])))
    expect(augmented(0, false, 5)).toEqual(image)
  })

  test('draws by seed, sample and epoch alone', () => {
    expect(augmented(1, true, 9, 4)).toEqual(augmented(1, true, 9, 4))
    const over = (vary: (i: number) => Float32Array) => new Set(Array.from({ length: 20 }, (_, i) => String(vary(i)))).size
    for (const vary of [
      (i: number) => augmented(1, true, i),
      (i: number) => augmented(1, true, 3, i),
      (i: number) => augmented(1, true, 3, 2, i),
    ]) {
      expect(over(vary)).toBeGreaterThan(5)
    }
  })
})

describe('sample', () => {
  const histogram = (indices: Uint32Array) => [0, 1, 2].map((label) => indices.filter((i) => split.labels[i] === label).length)

  test('takes classes in turn, each image once', () => {
    expect(histogram(sample(split, 15, 1))).toEqual([5, 5, 5])
    expect(histogram(sample(split, 25, 1))).toEqual([10, 10, 5])
    expect(new Set(sample(split, 40, 1)).size).toBe(40)
    expect([...sample(split, 500, 1)].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i))
  })

  test('follows the seed', () => {
    expect(sample(split, 20, 1)).toEqual(sample(split, 20, 1))
    expect(sample(split, 20, 1)).not.toEqual(sample(split, 20, 2))
    expect(sample(split, 0, 1).length).toBe(0)
  })
})
