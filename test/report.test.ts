/** Gates judge what the report holds, and each writer says it in its form. */
import { expect, test } from 'vitest'
import { judge } from '../src/report/judge.ts'
import * as writers from '../src/report/writers/index.ts'
import { table } from '../src/report/writers/text.ts'
import { sampleReport } from './samples/report.ts'

test('a gate passes at its limit and fails beyond it, with the margin', () => {
  const { outcome, exitCode, judgements } = judge(sampleReport, [
    { metric: 'latencyMs', atMost: 2 },
    { metric: 'int8Accuracy', atLeast: 0.8 },
    { metric: 'cpuOperators', atMost: 0, level: 'warn' },
  ])
  expect(judgements.map((j) => j.outcome)).toEqual(['pass', 'fail', 'warn'])
  expect(judgements.map((j) => j.margin)).toEqual([0, expect.closeTo(-0.05), -1])
  expect(judgements.map((j) => j.source)).toEqual(['estimated', 'computed', 'computed'])
  expect([outcome, exitCode]).toEqual(['fail', 1])
})

test('warnings alone do not fail, and no gates pass', () => {
  expect(judge(sampleReport, [{ metric: 'cpuOperators', atMost: 0, level: 'warn' }])).toMatchObject({ outcome: 'warn', exitCode: 0 })
  expect(judge(sampleReport, [])).toMatchObject({ outcome: 'pass', exitCode: 0 })
})

test.each([
  ['fail', undefined, 1],
  ['skip', 'skip', 0],
  ['warn', 'warn', 0],
] as const)('a metric that is not there means %s', (outcome, missing, exitCode) => {
  const verdict = judge(sampleReport, [{ metric: 'agreement', atLeast: 0.99, ...(missing && { missing }) }])
  expect(verdict.judgements[0]).toMatchObject({ outcome, value: null })
  expect(verdict.exitCode).toBe(exitCode)
})

const report = { ...sampleReport, verdict: judge(sampleReport, [{ metric: 'int8Accuracy', atLeast: 0.8 }]) }

test('text says the verdict first, and what is estimated', () => {
  const said = writers.text.write(report)
  expect(said.split('\n')[0]).toMatch(/^FAIL {2}net/)
  expect(said).toMatch(/2\.000 ms, 1,000,000 cycles at 500 MHz \(ESTIMATED by regor-5\.2, not measured\)/)
  expect(said).toMatch(/FAIL +int8Accuracy +75\.00 % +at least 80\.00 % +-5\.00 %/)
  expect(said).toMatch(/error stride at conv1: stride at most 3; found stride 4\. Pool\./)
})

test('JSON is the report itself', () => {
  expect(JSON.parse(writers.json.write(report))).toEqual(report)
})

test('JUnit counts failures and escapes what XML cannot hold', () => {
  const odd = judge(sampleReport, [{ metric: 'int8Accuracy', atLeast: 0.8 }])
  const xml = writers.junit.write({ ...report, target: 'a<b&"c"\u0001', verdict: odd })
  expect(xml).toContain('<testsuite name="gates a&lt;b&amp;&quot;c&quot;\ufffd" tests="1" failures="1" errors="0" skipped="0">')
  expect(xml).toContain('tests="1" failures="1"')
  expect(xml).not.toContain('\u0001')
})

test('tables line up, numbers to the right', () => {
  expect(table(['name', 'n'], [['a', '5'], ['long', '1,000']])).toEqual(['name      n', 'a         5', 'long  1,000']) // biome-ignore format: a table
})
