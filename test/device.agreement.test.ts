/** Agreement, latency statistics, and how runners are named. */
import { expect, test } from 'vitest'
import { agree } from '../src/device/agreement/agree.ts'
import { statistics } from '../src/device/latency.ts'
import { runnerKind } from '../src/device/open.ts'

test('agreement counts classes, ties, differences and the first of them', () => {
  const here = Int8Array.of(9, 1, 0, /**/ 5, 5, 0, /**/ 0, 1, 9, /**/ 7, 0, 0)
  const there = Int8Array.of(9, 1, 0, /**/ 4, 6, 0, /**/ 9, 1, 0, /**/ 7, 0, 0)
  expect(agree('r', there, here, Int32Array.of(0, 1, 2, 1), 3)).toEqual({
    runner: 'r',
    samples: 4,
    accuracy: 2 / 4,
    accuracyHere: 2 / 4,
    agreement: 3 / 4, // the second is a tie here
    maxDifference: 9,
    bitEqual: 2 / 4,
    firstDifference: { sample: 1, element: 0, there: 4, here: 5 },
  })
})

test('the same outputs agree wholly, and nothing is said to differ', () => {
  const same = Int8Array.of(1, 2, 3, 4)
  const result = agree('r', same, same, Int32Array.of(1, 1), 2)
  expect(result).toMatchObject({ accuracy: 1, agreement: 1, bitEqual: 1, maxDifference: 0 })
  expect(result).not.toHaveProperty('firstDifference')
})

test('order statistics go by nearest rank', () => {
  const times = Array.from({ length: 100 }, (_, i) => 100 - i)
  expect(statistics(times)).toMatchObject({ runs: 100, minMs: 1, medianMs: 50, p90Ms: 90, p99Ms: 99, meanMs: 50.5 })
  expect(statistics([3, 1])).toMatchObject({ runs: 2, minMs: 1, medianMs: 1, p99Ms: 3, deviationMs: Math.SQRT2 })
})

test.each(['litrt:', 'litert', 'serial', ''])('refuses the runner %j', (uri) => {
  expect(() => runnerKind(uri)).toThrow(expect.objectContaining({ code: 'unknown-runner', exitCode: 2 }))
})
