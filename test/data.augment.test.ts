/** Parts, moves and holes: images and masks see the same, the draws are the sample's own, and limits balance classes. */
import { describe, expect, test } from 'vitest'
import { augmenter, maskAugmenter } from '../src/data/augment.ts'
import { evaluationBatches, trainingFeed } from '../src/data/batches.ts'
import type { Preprocess } from '../src/data/preprocess.ts'
import { limited, sample } from '../src/data/sample.ts'
import { splitOf } from '../src/data/split.ts'
import { type Augmentation, drawView } from '../src/data/view.ts'

const shape = [16, 20, 1] as const
const none: Augmentation = { crop: 0, mirror: false, seed: 5 }
/** Each pixel its own number, from 1. */
const image = Float32Array.from({ length: 320 }, (_, i) => i + 1)
const seen = (options: Partial<Augmentation>, n: number, epoch = 0, of = image) => {
  const into = new Float32Array(322).fill(-5)
  augmenter(shape, { ...none, ...options })(of, into, 1, n, epoch)
  expect([into[0], into[321]]).toEqual([-5, -5])
  return into.slice(1, 321)
}
const samples = Array.from({ length: 300 }, (_, n) => n)

describe('translation', () => {
  test('moves by every distance up to the most, and no further; what comes in is 0', () => {
    const moves = samples.map((n) => drawView(shape, { ...none, translate: 3 }, n, 0))
    expect(new Set(moves.map(({ down }) => down))).toEqual(new Set([-3, -2, -1, 0, 1, 2, 3]))
    expect(new Set(moves.map(({ right }) => right))).toEqual(new Set([-3, -2, -1, 0, 1, 2, 3]))
    for (const n of samples.slice(0, 20)) {
      const { down, right } = moves[n]!
      const slow = image.map((_, i) => {
        const [y, x] = [Math.floor(i / 20) + down, (i % 20) + right]
        return y < 0 || y > 15 || x < 0 || x > 19 ? 0 : y * 20 + x + 1
      })
      expect(seen({ translate: 3 }, n)).toEqual(slow)
    }
  })
})

describe('cutout', () => {
  test('hides a square that may stick out, and nothing else', () => {
    const sizes = samples.map((n) => {
      const out = seen({ cutout: 5 }, n)
      const hidden = [...out.keys()].filter((i) => out[i] === 0)
      expect(out.every((v, i) => v === 0 || v === image[i])).toBe(true)
      const [rows, columns] = [hidden.map((i) => Math.floor(i / 20)), hidden.map((i) => i % 20)]
      const box = (Math.max(...rows) - Math.min(...rows) + 1) * (Math.max(...columns) - Math.min(...columns) + 1)
      expect(hidden.length).toBe(box)
      return box
    })
    expect(Math.max(...sizes)).toBe(25)
    expect(Math.min(...sizes)).toBeLessThan(20)
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(9) // the centre is inside
  })
})

describe('resized crop', () => {
  const parts = samples.map((n) => drawView(shape, { ...none, resizedCrop: 0.25 }, n, 0).part)

  test('parts are inside, of at least the share asked for, and of all sizes and shapes', () => {
    for (const part of parts) {
      if (!part) continue
      expect(part.top + part.height <= 16 && part.left + part.width <= 20 && part.top >= 0 && part.left >= 0).toBe(true)
      expect(part.height * part.width).toBeGreaterThan(0.25 * 320 * 0.85) // sides are whole
      expect(part.width / part.height).toBeGreaterThan(0.6)
      expect(part.width / part.height).toBeLessThan(1.6)
    }
    const found = parts.flatMap((part) => part ?? [])
    expect(found.length).toBeGreaterThan(290)
    const areas = found.map(({ height, width }) => (height * width) / 320)
    // Uniform from 0.25 to 1, but of the large ones only those whose sides fit.
    expect([0, 1, 2].map((third) => areas.filter((a) => Math.floor((a - 0.2) * 4) === third).length > 30)).toEqual([true, true, true])
    expect(Math.max(...areas)).toBeGreaterThan(0.85)
    expect(found.some(({ height, width }) => height > width) && found.some(({ height, width }) => height < width)).toBe(true)
  })

  test('a plane stays a plane, between the values of its part', () => {
    const across = Float32Array.from({ length: 320 }, (_, i) => i % 20)
    for (const n of samples.slice(0, 30)) {
      const part = parts[n]
      if (!part) continue
      const out = seen({ resizedCrop: 0.25 }, n, 0, across)
      for (let x = 0; x < 20; x++) {
        const expected = part.left + Math.min(part.width - 1, Math.max(0, ((x + 0.5) * part.width) / 20 - 0.5))
        expect(Math.abs(out[x]! - expected)).toBeLessThan(1e-4)
        expect(out[15 * 20 + x]).toBe(out[x])
      }
    }
  })

  test('the whole image is the image', () => {
    for (const n of samples.slice(0, 5)) expect(seen({ resizedCrop: 1 }, n)).toHaveLength(320)
    const whole = samples.find((n) => !drawView(shape, { ...none, resizedCrop: 1 }, n, 0).part)!
    expect(seen({ resizedCrop: 1 }, whole)).toEqual(image)
  })
})

const everything = { crop: 2, mirror: true, resizedCrop: 0.5, translate: 2, cutout: 4 }

test('a view is of its seed, sample and epoch alone; more kinds change no draw of the others', () => {
  expect(seen(everything, 3, 2)).toEqual(seen(everything, 3, 2))
  const different = [seen(everything, 3, 2), seen(everything, 4, 2), seen(everything, 3, 3), seen({ ...everything, seed: 6 }, 3, 2)]
  expect(new Set(different.map(String)).size).toBe(4)
  for (const n of samples)
    expect(drawView(shape, { ...none, ...everything }, n, 1).flip).toBe(drawView(shape, { ...none, mirror: true }, n, 1).flip)
})

test('a mask sees what its image sees', () => {
  const halves = Float32Array.from({ length: 320 }, (_, i) => (i % 20 < 10 ? 1 : 2))
  const mask = Uint8Array.from(halves)
  const into = new Int32Array(320)
  let compared = 0
  for (const n of samples.slice(0, 100)) {
    maskAugmenter(shape, { ...none, ...everything })(mask, into, 0, n, 0)
    const out = seen(everything, n, 0, halves)
    for (const [i, v] of out.entries()) {
      if (v === 0) expect(into[i]).toBe(-1)
      else if (Number.isInteger(v)) {
        expect(into[i]).toBe(v)
        compared++
      }
    }
  }
  expect(compared).toBeGreaterThan(20_000)
  mask[7] = 255
  maskAugmenter(shape, none)(mask, into, 0, 0, 0)
  expect([...into.subarray(5, 9)]).toEqual([1, 1, -1, 1])
})

const preprocess: Preprocess = { height: 2, width: 3, colour: 'rgb', resize: 'none', scale: 1, mean: [0, 0, 0], deviation: [1, 1, 1] }
const asked: number[][] = []
/** Image i is filled with i, its mask with i, but one pixel that is ignored. */
const masked = splitOf([2, 3, 3], new Int32Array(10), (i, into, at) => void into.fill(i, at, at + 18), {
  mask: (i, into, at) => void into.fill(i, at, at + 6).fill(255, at + 2, at + 3),
  ahead: (next) => void asked.push(Array.from(next)),
})

test('batches of a split with masks have a label a pixel, and say what comes next', () => {
  const feed = trainingFeed(masked, { preprocess, batchSize: 4, ...none })
  const read: number[][] = []
  for (const { images, labels } of feed.epoch(0)) {
    expect(labels.length).toBe(24)
    read.push([0, 1, 2, 3].map((n) => images[n * 18]!))
    for (const [n, id] of read.at(-1)!.entries()) expect([...labels.subarray(n * 6, n * 6 + 6)]).toEqual([id, id, -1, id, id, id])
  }
  expect(asked[0]).toEqual(read[1])
  asked.length = 0
  const last = [...evaluationBatches(masked, { preprocess, batchSize: 4 })].at(-1)!
  expect([...last.labels]).toEqual([8, 8, -1, 8, 8, 8, 9, 9, -1, 9, 9, 9])
  expect(asked).toEqual([[4, 5, 6, 7], [8, 9], []])
  expect(() => trainingFeed(masked, { preprocess: { ...preprocess, height: 4, resize: 'bilinear' }, batchSize: 4, ...none })).toThrow(
    expect.objectContaining({ code: 'bad-image-shape' }),
  )
})

test('a limit balances the classes, is drawn by the seed, and keeps labels, images and masks together', () => {
  const labels = Int32Array.from({ length: 90 }, (_, i) => (i < 60 ? 0 : i < 85 ? 1 : 2))
  const all = splitOf([1, 1, 1], labels, (i, into, at) => void (into[at] = i), { mask: (i, into, at) => void (into[at] = 200 - i) })
  const some = limited(all, 15, 1)
  expect([...some.labels]).toEqual([...Array(5).fill(0), ...Array(5).fill(1), ...Array(5).fill(2)])
  const [image, mask] = [new Uint8Array(1), new Uint8Array(1)]
  const ids = Array.from({ length: 15 }, (_, i) => {
    some.read(i, image, 0)
    some.mask!(i, mask, 0)
    expect(mask[0]).toBe(200 - image[0]!)
    expect(labels[image[0]!]).toBe(some.labels[i])
    return image[0]!
  })
  expect(ids).toEqual([...sample(all, 15, 1)].sort((a, b) => a - b))
  expect(limited(all, 15, 2).digest).not.toBe(some.digest)
  expect(limited(all, 90, 1)).toBe(all)
})
