/** Fixed-point arithmetic against exact integers, and curves against the reals they stand for. */
import { describe, expect, test } from 'vitest'
import { activations } from '../src/graph/activations/registry.ts'
import { erf } from '../src/graph/math/erf.ts'
import { expOfNegative, logisticOf, reciprocal, tanhOf } from '../src/graph/math/fixed-point.ts'
import { bits, key, uniform } from '../src/graph/math/random.ts'
import { highMultiply, multiplier, rescale, rescaleOnce, roundAway, roundingShift } from '../src/graph/math/requantise.ts'
import { outExtent, padBefore } from '../src/graph/math/window.ts'

const stream = key(1, 'test')
const int32 = (n: number) => bits(stream, n) | 0
const DRAWS = 20_000

const floorDiv = (a: bigint, b: bigint) => (a >= 0n ? a / b : -((-a + b - 1n) / b))

describe('requantise', () => {
  test('highMultiply is floor((a b + 2^30) / 2^31), small products and large', () => {
    const ends = [-(2 ** 31), -(2 ** 31) + 1, -1, 0, 1, 2 ** 30, 2 ** 31 - 1]
    const pairs = ends.flatMap((a) => ends.map((b) => [a, b] as const)).filter(([a, b]) => a + b !== -(2 ** 32))
    for (let n = 0; n < DRAWS; n++) pairs.push([int32(2 * n) >> (n % 24), int32(2 * n + 1) >> (n % 7)])
    const exact = ([a, b]: readonly [number, number]) => Number(floorDiv(BigInt(a) * BigInt(b) + (1n << 30n), 1n << 31n))
    expect(pairs.filter((pair) => highMultiply(...pair) !== exact(pair))).toEqual([])
  })

  test('rescaleOnce is floor(x m / 2^(31 - shift) + 1/2)', () => {
    const wrong: number[][] = []
    for (let n = 0; n < DRAWS; n++) {
      const [x, mantissa, shift] = [int32(3 * n) >> (n % 20), 2 ** 30 + (bits(stream, 3 * n + 1) >>> 2), -(bits(stream, 3 * n + 2) % 32)]
      const total = BigInt(31 - shift)
      const exact = Number((BigInt(x) * BigInt(mantissa) + (1n << (total - 1n))) >> total)
      if (rescaleOnce(x, mantissa, shift) !== exact) wrong.push([x, mantissa, shift])
    }
    expect(wrong).toEqual([])
    expect(rescaleOnce(1000, 2 ** 30, 8)).toBe(128000)
  })

  test('roundingShift goes half away from zero', () => {
    expect([5, -5, 6, -6, 7, -7].map((x) => roundingShift(x, 2))).toEqual([1, -1, 2, -2, 2, -2])
    expect(roundingShift(-(2 ** 31), 31)).toBe(-1)
    expect(roundingShift(123, 0)).toBe(123)
  })

  test('a multiplier is the nearest 31-bit mantissa', () => {
    for (let n = 0; n < 2000; n++) {
      const real = 2 ** (60 * uniform(stream, n) - 30)
      const { mantissa, shift } = multiplier(real)
      expect(mantissa).toBeGreaterThanOrEqual(2 ** 30)
      expect(mantissa).toBeLessThan(2 ** 31)
      expect(Math.abs((mantissa * 2 ** (shift - 31)) / real - 1)).toBeLessThanOrEqual(2 ** -31)
    }
    expect(multiplier(1)).toEqual({ mantissa: 2 ** 30, shift: 1 })
    expect(multiplier(1 - 2 ** -40)).toEqual({ mantissa: 2 ** 30, shift: 1 })
    expect(multiplier(0)).toEqual({ mantissa: 0, shift: 0 })
    expect(multiplier(2 ** -34)).toEqual({ mantissa: 0, shift: 0 })
    expect(rescale(-100, 2 ** 30, 1)).toBe(-100)
  })

  test('roundAway', () => expect([0.5, -0.5, 2.5, -2.5, 2.4, -2.6].map(roundAway)).toEqual([1, -1, 3, -3, 2, -3]))
})

// The fourth-order series of exp ends 2.5e-7 short at its border; the bits themselves are held by the golden vectors.
describe('fixed-point curves lie within 2^-22 of the reals', () => {
  const points = Array.from({ length: 400 }, (_, i) => Math.round((i - 200) * 0.079 * 2 ** 27))
  const negative = points.filter((q) => q <= 0)
  const units = [0, 1, 12345678, 2 ** 30, 2 ** 31 - 1]
  test.each<[string, number[], (q: number) => number, (x: number) => number, number]>([
    ['exp', negative, (q) => expOfNegative(q, 4), Math.exp, 27],
    ['logistic', points, (q) => logisticOf(q, 4), (x) => 1 / (1 + Math.exp(-x)), 27],
    ['tanh', points, (q) => tanhOf(q, 4), Math.tanh, 27],
    ['reciprocal', units, reciprocal, (x) => 1 / (1 + x), 31],
  ])('%s', (_, raws, curve, real, fractionalBits) => {
    const errors = raws.map((q) => Math.abs(curve(q) / 2 ** 31 - real(q / 2 ** fractionalBits)))
    expect(Math.max(...errors)).toBeLessThan(2 ** -22)
  })
})

test('erf equals tabulated values', () => {
  const table = [
    [0, 0],
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2.4, 0.9993114861033549],
    [2.6, 0.9997639655834707],
    [4, 0.9999999845827421],
  ]
  for (const [x, y] of table as [number, number][]) {
    expect(Math.abs(erf(x) - y)).toBeLessThan(1e-14)
    expect(erf(-x)).toBeCloseTo(-y, 14)
  }
})

describe.each([...activations])('%s', (name, { value, derivative, least, most, stripsTo }) => {
  const xs = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 200 + 1e-4)
  test('its derivative is the slope of its value', () => {
    const errors = xs.map((x) => Math.abs((value(x + 1e-6) - value(x - 1e-6)) / 2e-6 - derivative(x)))
    expect(Math.max(...errors)).toBeLessThan(1e-6)
  })
  test('its bounds are met and not passed', () => {
    const values = xs.map((x) => value(x))
    expect(Math.min(...values)).toBeGreaterThanOrEqual(least - 1e-12)
    expect(Math.min(...values) - least).toBeLessThan(1e-4)
    expect(Math.max(...values)).toBeLessThanOrEqual(most)
  })
  test('it strips to a piecewise linear function that meets it far out', () => {
    for (const base of stripsTo)
      expect(Math.abs(activations.get(base)!.value(-40) - value(-40))).toBeLessThan(name === 'elu' ? 1 + 1e-9 : 1e-9)
  })
})

test('windows', () => {
  expect([outExtent('same', 7, 3, 2), outExtent('valid', 7, 3, 2), outExtent('valid', 8, 3, 1, 2)]).toEqual([4, 3, 4])
  expect([padBefore(7, 3, 2, 1, 4), padBefore(8, 3, 2, 1, 4), padBefore(8, 2, 2, 1, 4)]).toEqual([1, 0, 0])
})
