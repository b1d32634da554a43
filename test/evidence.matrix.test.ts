/** The evidence of a run is complete: every limit leads from a requirement to a result, every malfunction to a measure. */
import { expect, test } from 'vitest'
import type { RunFacts } from '../src/evidence/define.ts'
import { evidenceFiles } from '../src/evidence/folder.ts'
import { matrixOf } from '../src/evidence/matrix.ts'
import { measuresOf } from '../src/evidence/measures.ts'
import { useCases } from '../src/evidence/use-cases.ts'
import { judge } from '../src/report/judge.ts'
import { metricNames } from '../src/report/metrics.ts'
import { junit } from '../src/report/writers/junit.ts'
import { judgementName } from '../src/report/writers/words.ts'
import type { Manifest } from '../src/runs/manifest.ts'
import { evidenceRun } from './support/evidence-run.ts'

const tools = {
  peapod: '0.0.0',
  node: 'v20.0.0',
  v8: '11',
  platform: 'linux x64',
  machine: { cpu: 'a | b', cores: 2, kernel: '6' },
  packages: {},
  locks: {},
  source: null,
}

function facts(more: Partial<RunFacts> = {}): RunFacts {
  const { report: one, provenance } = evidenceRun()
  const { verdict: _, ...bare } = one
  const gates = metricNames.flatMap((metric) => [{ metric, atMost: 1, atLeast: 0, worseBy: 0.1, missing: 'warn' as const }])
  const report = { ...one, verdict: judge(bare, gates, { values: { int8Accuracy: 0.9 } }) }
  const manifest: Manifest = {
    schemaVersion: '1',
    written: '2026-01-01T00:00:00.000Z',
    config: 'c',
    files: { 'model.tflite': 'd' },
    ...tools,
    ...provenance,
  }
  return { report, manifest, requirements: { latencyMs: 'SYS-42' }, ...more }
}

test('every limit of the verdict has a row, whose test case stands in the JUnit file and whose place in the report is itself', () => {
  const run = facts()
  const rows = matrixOf(run)
  expect(rows.length).toBe(2 * metricNames.length)
  expect(new Set(rows.map((r) => r.gate)).size).toBe(rows.length)
  const xml = junit.write(run.report)
  for (const row of rows) {
    expect(xml).toContain(`<testcase classname="${row.junit.classname}" name="${row.junit.name}"`)
    const [file, pointer] = row.evidence.split('#/') as [string, string]
    expect(file).toBe('report.json')
    const there = pointer.split('/').reduce((value: any, key) => value[key], run.report)
    expect([judgementName(there), there.outcome]).toEqual([row.junit.name, row.result])
    for (const cell of [row.requirement, row.says, row.limit, row.value, row.source]) expect(cell).not.toBe('')
  }
  expect(rows.filter((r) => r.requirement === 'SYS-42').map((r) => r.gate)).toEqual(['GATE-latencyMs', 'GATE-latencyMs-baseline'])
  expect(rows.find((r) => r.gate === 'GATE-int8Accuracy')!.requirement).toBe('REQ-int8Accuracy')
})

test('every malfunction names measures that are there, every measure guards something, and ids are used once', () => {
  const measures = measuresOf(facts())
  const malfunctions = useCases.flatMap((u) => u.malfunctions)
  for (const u of useCases) expect(u.malfunctions.length).toBeGreaterThan(0)
  for (const m of malfunctions) expect(m.measures.length).toBeGreaterThan(0)
  const used = new Set(malfunctions.flatMap((m) => m.measures))
  expect([...used].sort()).toEqual(measures.map((m) => m.id).sort())
  const ids = [...useCases.map((u) => u.id), ...malfunctions.map((m) => m.id), ...measures.map((m) => m.id)]
  expect(new Set(ids).size).toBe(ids.length)
})

test('a measure acts where the run has its fact, and says otherwise that it did not', () => {
  const bare = facts()
  const acted = (run: RunFacts) =>
    measuresOf(run)
      .filter((m) => m.acted)
      .map((m) => m.id)
  for (const id of ['MEA-SECOND-ENGINE', 'MEA-COMPILER', 'MEA-LATENCY', 'MEA-REPRODUCE', 'MEA-NOISE']) expect(acted(bare)).not.toContain(id)
  const [first] = bare.report.runs
  const device = {
    runner: 'ssh://board',
    measurement: { ...first!.measurement!, description: { runner: 'ssh', facts: {}, timing: 'measured' as const } },
    agreement: { ...first!.agreement!, agreement: 0.5, maxDifference: 7 },
  }
  const compiled = {
    compiler: 'vela',
    version: '5.2.0',
    layers: [],
    cpuOperators: 1,
    acceleratorOperators: 2,
    weightBytes: 1,
    outputBytes: 1,
    findings: [],
  }
  const layerErrors = [{ name: 'conv1', op: 'conv-2d', sqnrDb: 21.5, maxSteps: 1 }]
  const reproduction = {
    of: bare.report.model.sha256,
    sha256: bare.report.model.sha256,
    same: true,
    peapod: '0.0.0',
    node: 'v20',
    cpu: 'x',
    at: 'now',
  }
  const full = facts({ report: { ...bare.report, runs: [device], compiled, layerErrors }, reproduction })
  expect(acted(full).length).toBe(measuresOf(full).length)
  const said = Object.fromEntries(measuresOf(full).map((m) => [m.id, m.result]))
  expect(said['MEA-SECOND-ENGINE']).toMatch(/same class 50\.00 % .*largest difference 7 steps/)
  expect(said['MEA-NOISE']).toContain('conv1, 21.5 dB')
})

test('the files name every id and class, say the same each time, and a hostile name means nothing', () => {
  const run = facts()
  const files = evidenceFiles(run)
  expect(evidenceFiles(run)).toEqual(files)
  const all = JSON.parse(files['evidence.json']!)
  for (const row of all.matrix) expect(files['matrix.md']).toContain(`| ${row.gate} |`)
  for (const { id, malfunctions } of all.useCases)
    for (const word of [id, ...malfunctions.map((m: { id: string }) => m.id)]) expect(files['tool.md']).toContain(word)
  for (const { id } of all.measures) expect(files['tool.md']).toContain(`| ${id} |`)
  for (const { id } of all.limits) expect(files['limits.md']).toContain(`| ${id} |`)
  expect(all.modelTest.subjects.map((s: { id: string }) => s.id)).toEqual(['TEST-TRAINED', 'TEST-DEPLOYED', 'TEST-RUNNER-1'])
  expect(files['model-test.md']).toContain('| stop | 5 | 100.00 % | 80.00 % |')
  const hostile = {
    ...run,
    requirements: { latencyMs: '<img>|`\u202e' },
    report: { ...run.report, data: { ...run.report.data, classes: ['<b>', 'a|b'] } },
  }
  const markdown = Object.entries(evidenceFiles(hostile)).filter(([name]) => name.endsWith('.md'))
  for (const [, text] of markdown) {
    expect(text).not.toMatch(/<img|<b>|\u202e|a\|b/)
    for (const block of text.split('\n\n').filter((b) => b.startsWith('| '))) {
      const cells = block
        .trim()
        .split('\n')
        .map((line) => line.split(' | ').length)
      expect(new Set(cells).size).toBe(1)
    }
  }
})
