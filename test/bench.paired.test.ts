/** The paired interval with which converters are compared. */
import { expect, test } from 'vitest'
import { paired } from './bench/converter/paired.ts'

const samples = (right: number, wrong: number): boolean[] => [
  ...new Array<boolean>(right).fill(true),
  ...new Array<boolean>(wrong).fill(false),
]

test('only samples on which the two differ count', () => {
  // 80 both right, 12 only a, 4 only b, 4 neither: variance (16 - 64 / 100) / 100².
  const a = [...samples(80, 0), ...samples(12, 0), ...samples(0, 4), ...samples(0, 4)]
  const b = [...samples(80, 0), ...samples(0, 12), ...samples(4, 0), ...samples(0, 4)]
  const { difference, low, high, onlyA, onlyB } = paired(a, b)
  expect([onlyA, onlyB]).toEqual([12, 4])
  expect(difference).toBeCloseTo(0.08, 12)
  expect(high - difference).toBeCloseTo(1.96 * Math.sqrt(15.36) * 0.01, 12)
  expect(low).toBeCloseTo(2 * difference - high, 12)
  expect(paired(a, a)).toEqual({ difference: 0, low: 0, high: 0, onlyA: 0, onlyB: 0 })
})
