/** The preprocessing contract: values by hand, int8 equal to the quantised float, a metadata round trip. */
import { describe, expect, test } from 'vitest'
import { decodePreprocess, encodePreprocess, type Preprocess, standardise } from '../src/data/preprocess.ts'
import { preprocessor, quantised, quantisedInput } from '../src/data/preprocessor.ts'
import { splitOf } from '../src/data/split.ts'
import { bits, key, uniform } from '../src/graph/math/random.ts'
import { quantize } from '../src/graph/ops/quantize.ts'

const plain = (over: Partial<Preprocess> = {}): Preprocess => ({
  height: 2, width: 2, colour: 'rgb', resize: 'none', scale: 1, mean: [0, 0, 0], deviation: [1, 1, 1], ...over,
}) // biome-ignore format: a table
const applied = (p: Preprocess, from: readonly [number, number, number], pixels: readonly number[]) => {
  const into = new Float32Array(p.height * p.width * (p.colour === 'grey' ? 1 : 3) + 1).fill(-99)
  preprocessor(p, from)(Uint8Array.from(pixels), into, 1)
  expect(into[0]).toBe(-99)
  return [...into.subarray(1)]
}
const twelve = [0, 1, 2, 10, 11, 12, 20, 21, 22, 255, 254, 253]

describe('preprocessor', () => {
  test('scales and standardises by channel', () => {
    const p = plain({ scale: 1 / 255, mean: [0.5, 0, 0], deviation: [0.25, 1, 0.5] })
    const out = applied(p, [2, 2, 3], twelve)
    expect(out[0]).toBe(-2)
    expect(out[9]).toBe(2)
    expect(out[10]).toBe(Math.fround(254 / 255))
    expect(out[11]).toBe(Math.fround(253 / 255 / 0.5))
  })

  test('reorders to BGR, and to grey by luma', () => {
    expect(applied(plain({ colour: 'bgr' }), [2, 2, 3], twelve).slice(0, 6)).toEqual([2, 1, 0, 12, 11, 10])
    const grey = applied(plain({ colour: 'grey', mean: [0], deviation: [1] }), [2, 2, 3], twelve)
    expect(grey[3]).toBeCloseTo(0.299 * 255 + 0.587 * 254 + 0.114 * 253, 4)
    expect(applied(plain(), [2, 2, 1], [1, 2, 3, 4])).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4])
  })

  test('resizes bilinearly about half-pixel centres', () => {
    const grey = (width: number) => plain({ height: 1, width, colour: 'grey', resize: 'bilinear', mean: [0], deviation: [1] })
    expect(applied(grey(4), [1, 2, 1], [0, 100])).toEqual([0, 25, 75, 100])
    expect(applied(grey(2), [1, 4, 1], [0, 10, 20, 40])).toEqual([5, 30])
    expect(applied({ ...grey(1), height: 1 }, [2, 2, 1], [0, 10, 20, 40])).toEqual([17.5])
    expect(applied(grey(3), [1, 3, 1], [7, 9, 200])).toEqual([7, 9, 200])
  })

  test('refuses images that do not fit', () => {
    expect(() => preprocessor(plain(), [3, 2, 3])).toThrowError(expect.objectContaining({ code: 'bad-image-shape', found: '3 x 2' }))
    expect(() => preprocessor(plain(), [2, 2, 4])).toThrowError(expect.objectContaining({ code: 'bad-image-shape' }))
  })
})

describe('quantisedInput', () => {
  const quants = [
    { scale: Math.fround(0.0186), zero: -14 },
    { scale: Math.fround(1 / 255), zero: -128 },
    { scale: 0.5, zero: 3 },
  ]
  const contracts = [
    plain({ height: 8, width: 8, scale: 1 / 255, mean: [0.4, 0.38, 0.39], deviation: [0.21, 0.2, 0.22] }),
    plain({ height: 8, width: 8, scale: 1 / 255, colour: 'bgr', mean: [0.4, 0.38, 0.39], deviation: [0.21, 0.2, 0.22] }),
    plain({ height: 5, width: 11, scale: 1 / 127.5, resize: 'bilinear', mean: [1, 1, 1] }),
    plain({ height: 5, width: 11, colour: 'grey', resize: 'bilinear', scale: 1 / 255, mean: [0.4], deviation: [0.2] }),
  ]

  /** What the QUANTIZE of a graph makes of the values. */
  const byRoom = (x: Float32Array, { scale, zero }: (typeof quants)[number]) => {
    const [shape, y] = [[x.length], new Int8Array(x.length)]
    const quant = { scale: [scale], zero: [zero], axis: 0 }
    quantize.int8!({}, [{ shape, dtype: 'float32' }], [{ shape, dtype: 'int8', quant }], 'tflm')([x], [y])
    return y
  }

  test('equals the QUANTIZE of the float, on random images', () => {
    for (const p of contracts) {
      for (const quant of quants) {
        const shape = [8, 8, 3] as const
        const [floating, integer] = [preprocessor(p, shape), quantisedInput(p, shape, quant)]
        const count = p.height * p.width * p.mean.length
        const [x, q] = [new Float32Array(count), new Int8Array(count)]
        for (let n = 0; n < 20; n++) {
          const image = Uint8Array.from({ length: 192 }, (_, i) => bits(key(5, 'test', n), i) & 255)
          floating(image, x, 0)
          integer(image, q, 0)
          expect(q).toEqual(byRoom(x, quant))
        }
      }
    }
  })

  test('rounds halves away from zero and saturates', () => {
    const half = { scale: 1, zero: 0 }
    expect([0.5, -0.5, 1.5, -1.5, 2.4999998, -0.49999997].map((x) => quantised(x, half) + 0)).toEqual([1, -1, 2, -2, 2, 0])
    expect([300, -300, 120].map((x) => quantised(x, { scale: 1, zero: 20 }))).toEqual([127, -128, 127])
  })
})

describe('the contract in metadata', () => {
  test('survives a round trip, to the last bit', () => {
    for (let n = 0; n < 50; n++) {
      const draw = (i: number) => uniform(key(1, 'test', n), i) + 0.01
      const p = plain({ scale: draw(0), mean: [draw(1), draw(2), draw(3)], deviation: [draw(4), draw(5), draw(6)] })
      expect(decodePreprocess(encodePreprocess(p))).toEqual(p)
    }
  })

  test.each([
    ['', 'no JSON'],
    ['{"height":32', 'no JSON'],
    ['{}', 'keys missing'],
    [JSON.stringify({ ...plain(), more: 1 }), 'an unknown key'],
    [JSON.stringify({ ...plain(), mean: [0] }), 'too few channels'],
    [JSON.stringify({ ...plain(), deviation: [1, 0, 1] }), 'a deviation of 0'],
    [JSON.stringify({ ...plain(), height: 1e9 }), 'an absurd size'],
    [JSON.stringify({ ...plain(), colour: 'hsv' }), 'an unknown order'],
  ])('refuses %s: %s', (text) => {
    expect(() => decodePreprocess(text)).toThrowError(
      expect.objectContaining({ code: 'bad-preprocess', found: expect.any(String), hint: expect.any(String) }),
    )
  })
})

test('standardise finds mean and deviation of each channel', () => {
  const split = splitOf([1, 2, 3], Int32Array.of(0, 1), (index, into, offset) =>
    into.set(index ? [255, 0, 51, 255, 255, 51] : [0, 255, 51, 0, 0, 51], offset),
  )
  expect(standardise(split)).toEqual(plain({ height: 1, width: 2, scale: 1 / 255, mean: [0.5, 0.5, 0.2], deviation: [0.5, 0.5, 1] }))
})
