/** Agreement, latency statistics, and how runners are named. */
import { expect, test } from 'vitest'
import { agree, agreeing } from '../src/device/agreement/agree.ts'
import { slackOf } from '../src/device/agreement/slack.ts'
import { statistics } from '../src/device/latency/statistics.ts'
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
    meanDifference: 20 / 12,
    bitEqual: 2 / 4,
    firstDifference: { sample: 1, element: 0, there: 4, here: 5 },
    confusion: [{ here: 2, there: 0, samples: 1 }],
    worst: [
      { sample: 2, maxDifference: 9, here: 2, there: 0, agreed: false },
      { sample: 1, maxDifference: 1, here: 0, there: 1, agreed: true },
    ],
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

test('printed decimals lose nothing of a softmax, and steps of fine scales', () => {
  const output = (scale: number) => ({ dtype: 'int8', quant: { scale: [scale], zero: [0], axis: 0 } }) as const
  expect(slackOf(output(1 / 256), 3)).toBe(0)
  expect(slackOf(output(0.0005), 3)).toBe(1)
  expect(slackOf(output(0.0001), 3)).toBe(5)
  expect(slackOf(output(0.0001), undefined)).toBe(0)
  // Every step of a scale comes back from its printed value within the slack.
  for (const scale of [1 / 256, 0.0011, 0.0009, 0.0003, 0.00017])
    for (let q = -128; q < 128; q++) {
      const back = Math.round(Number((scale * q).toFixed(3)) / scale)
      expect(Math.abs(back - q)).toBeLessThanOrEqual(slackOf(output(scale), 3))
    }
})

test('differences within the slack are none, and it is said', () => {
  const result = agree('r', Int8Array.of(5, 4, 0), Int8Array.of(4, 5, 0), Int32Array.of(1), 3, 1)
  expect(result).toMatchObject({ agreement: 1, bitEqual: 1, maxDifference: 0, slackSteps: 1, accuracy: 0, accuracyHere: 1 })
})

test('pixels: agreement counts pixels, bit equality images; ignored labels count for neither accuracy nor mean IoU', () => {
  const tally = agreeing('r', 2)
  // Two images of two pixels, in parts; the second image differs in its second pixel.
  tally.add({ there: Int8Array.of(1, 0, 0, 1), here: Int8Array.of(1, 0, 0, 1), labels: Uint8Array.of(0, 255), samples: 1 })
  tally.add({ there: Int8Array.of(1, 0, 4, 0), here: Int8Array.of(1, 0, 0, 1), labels: Uint8Array.of(0, 1), samples: 1 })
  expect(tally.result()).toEqual({
    ...{ runner: 'r', samples: 2, accuracy: 2 / 3, accuracyHere: 1, meanIou: (2 / 3 + 0) / 2, meanIouHere: 1 },
    ...{
      agreement: 3 / 4,
      maxDifference: 4,
      meanDifference: 5 / 8,
      bitEqual: 1 / 2,
      firstDifference: { sample: 1, element: 2, there: 4, here: 0 },
      worst: [{ sample: 1, maxDifference: 4, agreed: false }],
    },
  })
})
