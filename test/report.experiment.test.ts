/** Statistics and tables of an experiment, on numbers worked out by hand and by published tables. */
import { expect, test } from 'vitest'
import { cellsCsv, rowsCsv } from '../src/report/experiment/csv.ts'
import type { CellResult } from '../src/report/experiment/define.ts'
import { markdown } from '../src/report/experiment/markdown.ts'
import { studentT, within } from '../src/report/experiment/student-t.ts'
import { differenceOf, summarise } from '../src/report/experiment/summarise.ts'

/** Two-sided 95 % and 99 % points, as in every table of the t distribution. */
test.each([
  [1, 12.7062, 63.6567],
  [2, 4.3027, 9.9248],
  [3, 3.1824, 5.8409],
  [4, 2.7764, 4.6041],
  [9, 2.2622, 3.2498],
  [30, 2.0423, 2.75],
  [120, 1.9799, 2.6174],
])('Student t of %d degrees of freedom', (freedom, t95, t99) => {
  expect(studentT(0.95, freedom)).toBeCloseTo(t95, 4)
  expect(studentT(0.99, freedom)).toBeCloseTo(t99, 4)
  expect(within(studentT(0.5, freedom), freedom)).toBeCloseTo(0.5, 12)
})

test('a paired difference has the interval of its pairs, one pair none', () => {
  // 1, 2, 3: mean 2, deviation 1, t(2) = 4.30265: 4.30265 / sqrt(3).
  const { n, mean, halfWidth } = differenceOf([1, 2, 3])
  expect([n, mean]).toEqual([3, 2])
  expect(halfWidth).toBeCloseTo(2.48414, 5)
  expect(differenceOf([0.5])).toEqual({ n: 1, mean: 0.5, halfWidth: null })
  expect(differenceOf([])).toEqual({ n: 0, mean: null, halfWidth: null })
})

const cell = (more: Partial<CellResult>): CellResult => ({
  ...{ network: 'net', base: 'relu', kind: 'baseline', ensemble: null, activation: null, end: 0.75, seed: 1 },
  ...{ float: 0.9, int8: 0.89, samples: 200, bestEpoch: 3, trainingMs: 1000, data: { test: 'ab' } },
  ...more,
})
const mish = { kind: 'ensemble', ensemble: 'stochastic', activation: 'mish' } as const
const cells = [
  cell({ seed: 1 }),
  cell({ seed: 2, float: 0.92, int8: 0.9 }),
  cell({ seed: 3, float: 0.5, int8: 0.5 }),
  cell({ ...mish, seed: 1, float: 0.91, int8: 0.9 }),
  cell({ ...mish, seed: 2, float: 0.95, int8: 0.95 }),
  cell({ ...mish, seed: 3, float: null, int8: null, failure: 'Training diverged' }),
  cell({ kind: 'limit', activation: 'mish', seed: 1, float: 0.96, int8: null, without: 'mish has no form in TFLite' }),
  cell({ network: '=other|net', base: 'relu6', seed: 1 }),
]
const report = summarise({ name: 'grid', says: 'a test', peapod: '1.2.3' }, cells)

test('rows pair by seed, and a training that failed pairs with nothing', () => {
  const [baseline, ensemble, limit, other] = report.rows
  expect(baseline).toMatchObject({ seeds: [1, 2, 3], floatDifference: null, float: { n: 3 } })
  expect(ensemble).toMatchObject({ seeds: [1, 2], failures: [{ seed: 3, why: 'Training diverged' }], floatDifference: { n: 2 } })
  expect(ensemble!.floatDifference!.mean).toBeCloseTo(0.02, 12)
  expect(ensemble!.floatDifference!.halfWidth).toBeCloseTo(12.7062 * 0.01, 6) // differences 0.01 and 0.03
  expect(ensemble!.float.mean).toBeCloseTo(0.93, 12)
  expect(limit).toMatchObject({
    int8: { n: 0, mean: null },
    int8Difference: { n: 0, mean: null },
    floatDifference: { n: 1, halfWidth: null },
  })
  expect(other).toMatchObject({ network: '=other|net', floatDifference: null })
})

test('Markdown has an overview, a table a network, failures and networks without int8; names break nothing', () => {
  const text = markdown.write(report)
  expect(text).toContain('| ReLU (baseline) | 3 | 77.33 ± 23.69 |  | 76.33 ± 22.81 |  |')
  expect(text).toContain('| stochastic Mish | 2 of 3 | 93.00 ± 2.83 | +2.00 (−10.71 to +14.71) | 92.50 ± 3.54 | +3.00 (−22.41 to +28.41) |')
  expect(text).toContain('| Mish (upper limit) | 1 | 96.00 | +6.00 | – | – |')
  expect(text).toContain('stochastic Mish, seed 3: Training diverged')
  expect(text).toContain('Mish (upper limit) has no int8 form')
  expect(text).toContain('| activation | net | =other&#124;net |')
  expect(text).toContain('| stochastic Mish | **93.00 / 92.50** |  |')
  expect(text).toContain('## net, transition to 75 % of the training')
  for (const line of text.split('\n').filter((l) => l.startsWith('| ') && l.includes('±'))) expect(line.split('|').length).toBe(8)
})

test('CSV has a line a row and a line a training, and no formula', () => {
  const [rows, all] = [rowsCsv.write(report), cellsCsv.write(report)].map((text) => text.trimEnd().split('\r\n'))
  expect([rows!.length, all!.length]).toEqual([1 + report.rows.length, 1 + cells.length])
  expect(rows![0]!.split(',').slice(0, 6)).toEqual(['network', 'end', 'kind', 'ensemble', 'activation', 'seeds'].map((w) => `"${w}"`))
  expect(rows!.at(-1)).toMatch(/^"'=other\|net",0.75,"baseline",,"relu6",1,0,0.9,,,,0.89,,,$/)
})
