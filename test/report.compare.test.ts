/** Runs against each other: what moved, by more than noise, where, and what does not compare. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseBaseline, referenceOf, withSnapshot } from '../src/report/compare/baseline.ts'
import { compare } from '../src/report/compare/compare.ts'
import { layerChanges } from '../src/report/compare/layer-changes.ts'
import { ranges } from '../src/report/compare/ranges.ts'
import { snapshotOf } from '../src/report/compare/snapshot.ts'
import { comparisonText } from '../src/report/compare/text.ts'
import type { Report } from '../src/report/define.ts'
import { asReport, reportJsonSchema, reportSchema } from '../src/report/schema.ts'
import { sha256 } from '../src/runs/files.ts'
import { longReport } from './samples/long-report.ts'
import { runCli } from './support/run-cli.ts'

const report = longReport(6, 5)
const right = (r: Report, by: number): Report => {
  const confusion = r.int8.confusion.map((row, a) => row.map((n, p) => (p === a ? n + by : p === (a + 1) % row.length ? n - by : n)))
  const samples = confusion.flat().reduce((a, b) => a + b, 0)
  const accuracy = confusion.reduce((sum, row, a) => sum + row[a]!, 0) / samples
  return { ...r, int8: { ...r.int8, confusion, samples, accuracy } }
}
const base = right(report, 0)
const slower: Report = {
  ...base,
  estimate: {
    ...base.estimate,
    totalCycles: base.estimate.totalCycles + 500,
    latencyMs: 2.1,
    layers: base.estimate.layers.map((l, i) => (i === 2 ? { ...l, cycles: l.cycles + 500 } : l)),
  },
}

test('a schema that the code holds, and the committed file, are one; a whole report passes it unharmed', async () => {
  await expect(reportJsonSchema()).toMatchFileSnapshot('../schemas/report.schema.json')
  expect(asReport(reportSchema.parse(JSON.parse(JSON.stringify(report))))).toEqual(JSON.parse(JSON.stringify(report)))
  expect(reportSchema.safeParse({ ...report, float: { ...report.float, accuracy: 1.5 } }).success).toBe(false)
  expect(reportSchema.safeParse({ ...report, verdict: undefined }).success).toBe(false)
})

test('bootstrap intervals hold the value, are about as wide as the binomial says, and are the same each time', () => {
  const { int8Accuracy, lowestRecall } = ranges(base)
  const { accuracy, samples } = base.int8
  const half = 1.96 * Math.sqrt((accuracy * (1 - accuracy)) / samples)
  expect(int8Accuracy![0]).toBeLessThan(accuracy)
  expect(int8Accuracy![1]).toBeGreaterThan(accuracy)
  expect((int8Accuracy![1] - int8Accuracy![0]) / 2 / half).toBeGreaterThan(0.75)
  expect((int8Accuracy![1] - int8Accuracy![0]) / 2 / half).toBeLessThan(1.25)
  expect(lowestRecall![0]).toBeLessThan(lowestRecall![1])
  expect(ranges(base)).toEqual(ranges(base))
})

const outcomes = (before: Report, after: Report) => {
  const { changes, outcome } = compare(snapshotOf(before), snapshotOf(after))
  return { outcome, of: Object.fromEntries(changes.map((c) => [c.metric, c.outcome])) }
}

test('cycles that grew are worse whatever by; accuracy only beyond the noise of its test set', () => {
  expect(outcomes(base, base)).toMatchObject({ outcome: 'same', of: { latencyMs: 'same', int8Accuracy: 'same' } })
  expect(outcomes(base, slower)).toMatchObject({ outcome: 'worse', of: { totalCycles: 'worse', latencyMs: 'worse', int8Accuracy: 'same' } })
  expect(outcomes(slower, base)).toMatchObject({ outcome: 'better', of: { totalCycles: 'better' } })
  expect(outcomes(base, right(base, -1)).of.int8Accuracy).toBe('noise')
  const much = { ...base, int8: { ...base.int8, confusion: base.int8.confusion.map((row, a) => row.map((n, p) => (p === a ? n - 60 : n + 15))), accuracy: base.int8.accuracy - 0.5 } } // biome-ignore format: a table
  expect(outcomes(base, much).of.int8Accuracy).toBe('worse')
})

test('a time of the host is never a regression; a measured one is judged by its interval', () => {
  const timed = (medianMs: number, timing: 'host' | 'measured'): Report => {
    const { measurement, ...run } = base.runs[0]!
    const latency = { ...measurement!.latency, medianMs, medianRangeMs: [medianMs - 0.1, medianMs + 0.1] as [number, number] }
    return { ...base, runs: [{ ...run, measurement: { ...measurement!, description: { ...measurement!.description, timing }, latency } }] }
  }
  expect(outcomes(timed(2, 'host'), timed(9, 'host')).of.runnerMedianMs).toBe('host')
  expect(outcomes(timed(2, 'measured'), timed(2.1, 'measured')).of.runnerMedianMs).toBe('noise')
  expect(outcomes(timed(2, 'measured'), timed(2.5, 'measured')).of.runnerMedianMs).toBe('worse')
})

test('layers are paired by name and operator: changed, added, removed, in running order', () => {
  const layer = (name: string, cycles = 1, op = 'conv-2d') => ({ name, op, macs: 1, cycles })
  const changes = layerChanges(
    [layer('a'), layer('b', 5), layer('c'), layer('d')],
    [layer('a'), layer('new'), layer('b', 7), layer('d', 1, 'add'), layer('e')],
  )
  expect(changes.map((c) => [c.kind, (c.after ?? c.before)!.name])).toEqual([
    ['same', 'a'],
    ['added', 'new'],
    ['changed', 'b'],
    ['removed', 'c'],
    ['removed', 'd'],
    ['added', 'd'],
    ['added', 'e'],
  ])
  const said = comparisonText(compare(snapshotOf(base), snapshotOf(slower)), 'a', 'b\u001b')
  expect(said).toMatch(/^WORSE {2}b\\u\{1b\} against a: 0 better, 2 worse/)
  expect(said).toMatch(/~ {2}layer 2 +conv-2d +[\d,]+ +[\d,]+ +\+500/)
})

test('other data, another target, another model of the estimate are obstacles', () => {
  const other: Report = {
    ...base,
    target: 't2',
    data: { ...base.data, digests: { test: 'e' } },
    estimate: { ...base.estimate, model: 'legacy' },
  }
  expect(compare(snapshotOf(base), snapshotOf(other)).obstacles.map((o) => o.what)).toEqual(['target', 'test set', 'model of the estimate'])
})

test('a baseline keeps each target, gives its figures to gates, and refuses what is none', () => {
  const both = withSnapshot(withSnapshot(undefined, snapshotOf(base)), snapshotOf({ ...base, target: 'a' }))
  expect(Object.keys(both.targets)).toEqual(['a', 'ethos-u55-128'])
  expect(parseBaseline(JSON.parse(JSON.stringify(both)), 'b.json')).toEqual(JSON.parse(JSON.stringify(both)))
  expect(referenceOf(both, snapshotOf(base), 'b.json')).toMatchObject({ values: { latencyMs: 2 } })
  expect(referenceOf(both, snapshotOf({ ...base, target: 'x' }), 'b.json')).toEqual({ missing: expect.stringMatching(/no figures of x/) })
  const legacy = snapshotOf({ ...base, estimate: { ...base.estimate, model: 'legacy' } })
  expect(referenceOf(both, legacy, 'b.json')).toEqual({
    missing: expect.stringMatching(/another model of the estimate: regor-5.2, here legacy/),
  })
  expect(() => parseBaseline({ ...both, schemaVersion: '0' }, 'b.json')).toThrow(expect.objectContaining({ code: 'other-baseline', hint: expect.stringContaining('peapod baseline RUN') })) // biome-ignore format: one expectation
  expect(() => parseBaseline({ kind: 'peapod-baseline', schemaVersion: '1', targets: { t: {} } }, 'b.json')).toThrow(/targets\.t\./)
})

let folder: string
const at = (...parts: string[]) => join(folder, ...parts)
async function writeRun(name: string, content: Report): Promise<string> {
  await mkdir(at(name), { recursive: true })
  const text = `${JSON.stringify(content)}\n`
  await writeFile(at(name, 'report.json'), text)
  await writeFile(at(name, 'manifest.json'), JSON.stringify({ schemaVersion: '1', files: { 'report.json': sha256(text) } }))
  return at(name)
}
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peapod-compare-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('the command line: a baseline is written and renewed, runs are held against it, and against each other', async () => {
  const [a, b] = [await writeRun('a', base), await writeRun('b', slower)]
  const file = at('baseline.json')
  expect((await runCli('baseline', a, '--file', file)).out).toMatch(/ethos-u55-128 is new/)
  const same = await runCli('compare', 'baseline', a, '--baseline', file, '--strict')
  expect([same.code, same.out.split(' ')[0]]).toEqual([0, 'same'])
  const worse = await runCli('compare', 'baseline', a, b, '--baseline', file, '--strict')
  expect(worse.code).toBe(1)
  expect(worse.out).toMatch(/totalCycles.*\+500 +WORSE/)
  const asJson = JSON.parse((await runCli('compare', a, at('b', 'report.json'), '--json')).out)
  expect(asJson[0]).toMatchObject({ outcome: 'worse', sameGraph: true })
  const dry = await runCli('baseline', b, '--file', file, '--dry-run')
  expect(dry.out).toMatch(/WORSE[\s\S]*is as it was/)
  expect(JSON.parse(await readFile(file, 'utf8')).targets['ethos-u55-128'].figures.latencyMs.value).toBe(2)
  await runCli('baseline', b, '--file', file)
  expect(JSON.parse(await readFile(file, 'utf8')).targets['ethos-u55-128'].figures.latencyMs.value).toBe(2.1)
})

test('the command line refuses what does not compare, unless told; a changed report; what is no report', async () => {
  const a = await writeRun('c', base)
  const other = await writeRun('other', { ...base, estimate: { ...base.estimate, model: 'legacy' } })
  const refused = await runCli('compare', a, other)
  expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/not-comparable[\s\S]*regor-5.2 and legacy[\s\S]*--anyway/)])
  expect((await runCli('compare', a, other, '--anyway')).out).toMatch(/note: not comparable by model of the estimate/)
  await writeFile(at('c', 'report.json'), JSON.stringify(slower))
  expect((await runCli('compare', a, other)).err).toMatch(/changed-by-hand[\s\S]*SHA-256 [0-9a-f]{64}/)
  expect((await runCli('compare', at('nowhere'), other)).err).toMatch(/no-report/)
  await writeFile(at('x.json'), '{"schemaVersion":"1"}')
  expect((await runCli('compare', at('x.json'), other)).err).toMatch(/bad-report.*peapod/)
  expect((await runCli('compare', other)).err).toMatch(/two runs or more/)
  expect((await runCli('compare', 'baseline', other, '--baseline', at('none.json'))).err).toMatch(/no-baseline[\s\S]*peapod baseline RUN/)
})
