/** The embedded road signs: the same bytes everywhere, balanced, and no image in two splits. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { openDataSet } from '../src/data/load.ts'
import { distance, mirrored, turned } from '../src/data/roadsigns/shapes.ts'
import { signs } from '../src/data/roadsigns/signs.ts'
import { cosine, sine } from '../src/data/roadsigns/sine.ts'
import { key } from '../src/graph/math/random.ts'

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const data = await openDataSet('roadsigns', { seed: 1 })
const image = (split: keyof typeof data.splits, index: number, of = data) => {
  const into = new Uint8Array(3072)
  of.splits[split].read(index, into, 0)
  return into
}

describe('roadsigns', () => {
  test('has the promised splits, classes and shape', () => {
    expect(data.mirrors).toBe(false)
    expect(data.classes.length).toBeGreaterThanOrEqual(12)
    expect(new Set(data.classes).size).toBe(data.classes.length)
    expect(Object.values(data.splits).map(({ count }) => count)).toEqual([6000, 1000, 2000])
    for (const { shape } of Object.values(data.splits)) expect(shape).toEqual([32, 32, 3])
  })

  test('every class is equally frequent in every split', () => {
    for (const { labels, count } of Object.values(data.splits)) {
      const histogram = new Array(data.classes.length).fill(0)
      for (const label of labels) histogram[label]++
      expect(new Set(histogram)).toEqual(new Set([count / data.classes.length]))
    }
  })

  // Computed once by this renderer under Node 20 on x86-64. A change here means that every model trained on the set is out of date.
  test('renders the pinned bytes', () => {
    const all = new Uint8Array(60 * 3072)
    for (let i = 0; i < 60; i++) data.splits.train.read(i, all, i * 3072)
    expect(sha(all)).toBe('bd955ead7613fbb3982db85f0c9f880737acea0d0ffbda2207edb67ed1841c85')
  })

  test('does not depend on the order of reading, and does on the seed', async () => {
    const [again, other] = [await openDataSet('roadsigns', { seed: 1 }), await openDataSet('roadsigns', { seed: 2 })]
    const [late, early] = [image('test', 700, again), image('test', 3, again)]
    expect(sha(image('test', 3))).toBe(sha(early))
    expect(sha(image('test', 700))).toBe(sha(late))
    expect(sha(image('test', 3, other))).not.toBe(sha(early))
  })

  test('no two images of one seed share their draws, whatever the split', () => {
    for (const seed of [0, 1, 12345]) expect(new Set(Array.from({ length: 9000 }, (_, i) => key(seed, 'roadsigns', i))).size).toBe(9000)
  })

  test('the splits hold different images, and no image is blank', () => {
    const seen = new Set<string>()
    for (const split of ['train', 'validation', 'test'] as const) {
      for (let i = 0; i < 40; i++) {
        const pixels = image(split, i)
        seen.add(sha(pixels))
        expect(new Set(pixels).size).toBeGreaterThan(12)
      }
    }
    expect(seen.size).toBe(120)
  })
})

describe('the signs’ geometry', () => {
  test('sine and cosine agree with Math', () => {
    for (let turns = -2; turns < 2; turns += 0.013) {
      expect(sine(turns)).toBeCloseTo(Math.sin(2 * Math.PI * turns), 7)
      expect(cosine(turns)).toBeCloseTo(Math.cos(2 * Math.PI * turns), 7)
    }
  })

  test('distances are signed, and shapes move as told', () => {
    const square = { polygon: [-10, -10, 10, -10, 10, 10, -10, 10] }
    expect(distance(square, 0, 0)).toBe(-10)
    expect(distance(square, 14, 13)).toBe(5)
    expect(distance({ ...square, grow: 2 }, 20, 0)).toBe(8)
    expect(distance({ stroke: [0, 0, 10, 0], width: 4 }, 5, 5)).toBe(3)
    expect(distance({ disc: [3, 4, 2] }, 0, 0)).toBe(3)
    expect(distance(mirrored([{ disc: [30, 0, 2] }])[0]!, -30, 0)).toBe(-2)
    expect(distance(turned([{ disc: [30, 0, 2] }], 0.25)[0]!, 0, 30)).toBeCloseTo(-2, 5)
  })

  test('every sign stays on its drawn square', () => {
    for (const { name, layers } of signs) {
      for (const { shapes } of layers) {
        for (const shape of shapes) {
          for (let t = -106; t <= 106; t += 4) {
            for (const [x, y] of [
              [t, -106],
              [t, 106],
              [-106, t],
              [106, t],
            ] as const)
              expect(distance(shape, x, y), name).toBeGreaterThan(0)
          }
        }
      }
    }
  })
})
