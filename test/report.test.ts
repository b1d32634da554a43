/** Gates judge what the report holds, and each writer says it in its form. */
import { expect, test } from 'vitest'
import { beside } from '../src/report/beside.ts'
import { judge } from '../src/report/judge.ts'
import * as writers from '../src/report/writers/index.ts'
import { table } from '../src/report/writers/text.ts'
import type { Compiled } from '../src/target/define.ts'
import { sampleReport } from './samples/report.ts'

test('a gate on the baseline allows so much worse, in the unit or as a share, and names what is missing', () => {
  const gates = [
    { metric: 'latencyMs', worseBy: '10%' },
    { metric: 'int8Accuracy', atLeast: 0.5, worseBy: 0.02 },
    { metric: 'agreement', worseBy: 0.1, missing: 'skip' as const },
  ]
  const against = judge(sampleReport, gates, { values: { latencyMs: 1.9, int8Accuracy: 0.8 } })
  expect(against.judgements.map((j) => [j.metric, j.outcome, j.baseline])).toEqual([
    ['latencyMs', 'pass', 1.9],
    ['int8Accuracy', 'pass', undefined],
    ['int8Accuracy', 'fail', 0.8],
    ['agreement', 'skip', undefined],
  ])
  expect(against.judgements[0]!.limit.atMost).toBeCloseTo(2.09)
  expect(against.judgements[2]!.margin).toBeCloseTo(-0.03)
  const without = judge(sampleReport, gates)
  expect(without.judgements.map((j) => j.outcome)).toEqual(['fail', 'pass', 'fail', 'skip'])
  expect(without.judgements[0]!.reason).toMatch(/no baseline; peapod baseline RUN/)
})

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

test('a build of the same bytes, what is in flash and SRAM, and notes can be judged', () => {
  const gates = [
    { metric: 'reproduced', atLeast: 1 },
    { metric: 'flashBytes', atMost: 2048 },
    { metric: 'sramBytes', atMost: 4096 },
    { metric: 'notes', atMost: 0 },
  ]
  const of = (more: object) => judge({ ...sampleReport, ...more }, gates).judgements.map((j) => j.outcome)
  const again = { of: 'a', sha256: 'a', same: true, peapod: '0', node: 'v', cpu: 'c', at: 't' }
  expect(of({})).toEqual(['fail', 'pass', 'pass', 'pass'])
  expect(judge(sampleReport, gates).judgements[0]).toMatchObject({ value: null, reason: expect.stringContaining('peapod reproduce') })
  expect(of({ reproduction: again })).toEqual(['pass', 'pass', 'pass', 'pass'])
  expect(of({ reproduction: { ...again, same: false } })[0]).toBe('fail')
  const check = { ...sampleReport.check, findings: [{ ...sampleReport.check.findings[0]!, severity: 'note' as const }] }
  // The compiler's word on memory goes before ours.
  expect(of({ check, compiled: { ...compiled, arenaBytes: 5000, outputBytes: 3000 } })).toEqual(['fail', 'fail', 'fail', 'fail'])
})

test('JUnit counts failures and escapes what XML cannot hold', () => {
  const odd = judge(sampleReport, [{ metric: 'int8Accuracy', atLeast: 0.8 }])
  const xml = writers.junit.write({ ...report, target: 'a<b&"c"\u0001', verdict: odd })
  expect(xml).toContain('<testsuite name="gates a&lt;b&amp;&quot;c&quot;\\u{1}" tests="1" failures="1" errors="0" skipped="0">')
  expect(xml).toContain('tests="1" failures="1"')
  expect(xml).not.toContain('\u0001')
})

test('tables line up, numbers to the right', () => {
  expect(table(['name', 'n'], [['a', '5'], ['long', '1,000']])).toEqual(['name      n', 'a         5', 'long  1,000']) // biome-ignore format: a table
})

const row = (name: string, op: string, cycles: number) => ({ name, op, cycles, place: 'accelerator' as const })
const compiled: Compiled = {
  ...{ compiler: 'vela', version: '5.2.0', totalCycles: 1_250_000, clockHz: 5e8, latencyMs: 2.5 },
  layers: [row('conv1', 'Conv2D', 800_000), row('conv1', 'Conv2D', 0), row('a', 'Sub', 7), row('b', 'FC', 50_000), row('fc', 'FC', 50_000)],
  ...{ cpuOperators: 2, acceleratorOperators: 1, arenaBytes: 4096, weightBytes: 800, outputBytes: 3000 },
  findings: [{ code: 'odd', severity: 'warning', node: -1, op: '', place: 'vela', says: 'is odd', found: 'that', hint: 'Look.' }],
}

test('a compiler’s layers stand beside ours by name, with the nameless rows before them; the rest is told', () => {
  expect(beside(sampleReport.estimate, compiled)).toEqual({ theirs: [800_000, 100_000], rest: 7 })
  expect(beside(sampleReport.estimate, { layers: [] })).toEqual({ theirs: [undefined, undefined], rest: 0 })
})

test('text and gates take a compiler’s figures; without it they are missing, not passed', () => {
  const gates = [
    { metric: 'compiledCycles', atMost: 1 },
    { metric: 'compiledCpuOperators', atMost: 2 },
    { metric: 'warnings', atMost: 1 },
  ]
  const judged = judge({ ...sampleReport, compiled }, gates)
  expect(judged.judgements.map((j) => [j.outcome, j.value])).toEqual([['fail', 1_250_000], ['pass', 2], ['pass', 1]]) // biome-ignore format: a table
  const said = writers.text.write({ ...report, compiled })
  expect(said).toContain('compiled   by vela 5.2.0')
  expect(said).toContain('1,250,000 cycles, 2.500 ms (ESTIMATED by the compiler, not measured; ours -20.00 %)')
  expect(said).toMatch(/conv1 +conv-2d +4,000 +900,000 +800,000 +12\.5 %/)
  expect(said).toContain('7 cycles of vela belong to no layer of ours')
  expect(said).toContain('warning odd at vela: is odd')
  const missing = { missing: 'vela is not installed; pip install it' }
  expect(judge({ ...sampleReport, compiled: missing }, gates).judgements.map((j) => j.outcome)).toEqual(['fail', 'fail', 'pass'])
  expect(writers.text.write({ ...report, compiled: missing })).toContain('compiled   not compiled: vela is not installed; pip install it')
})
