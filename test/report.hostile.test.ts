/** The common test of writers: whatever stands in a report's strings, no form of it gives them a meaning, or hides them. */
import { describe, expect, test } from 'vitest'
import { evidenceFiles } from '../src/evidence/folder.ts'
import { mlBom } from '../src/evidence/ml-bom.ts'
import { modelCard } from '../src/evidence/model-card.ts'
import type { Report } from '../src/report/define.ts'
import { judge } from '../src/report/judge.ts'
import { compiledOf } from '../src/report/metrics.ts'
import * as writers from '../src/report/writers/index.ts'
import type { Manifest } from '../src/runs/manifest.ts'
import { longReport } from './samples/long-report.ts'
import { evidenceRun } from './support/evidence-run.ts'

const hostile = {
  html: '<img src=x onerror=alert(1)></script><script>alert(1)</script><!--',
  quotes: `a"b'c\`d|e*f_g[h](javascript:alert(1))\\`,
  formula: '=HYPERLINK("http://x","y")',
  lines: 'line\r\n::error::forged%0A\n# heading\n| a | b |',
  control: '\u001b[31mred\u0000\u0007\u0085\ufffe',
  rightToLeft: 'abc\u202Efdp.exe\u2066\u200f\u061c',
  surrogate: '\ud800 half a pair \udfff',
  markup: ']]>--> &amp; %{x} {{y}}',
  long: 'x'.repeat(10_000),
} as const

/** Words that Peapod chooses from a list of its own, in keys of a report. */
const chosen = new Set([
  'schemaVersion',
  'severity',
  'outcome',
  'source',
  'metric',
  'unit',
  'timing',
  'nodes',
  'place',
  'cost',
  'level',
  'split',
  'costs',
])

/** Every other string of the report becomes `name`, and every key that a run may choose. */
function named<T>(value: T, name: string, key = ''): T {
  if (typeof value === 'string') return (chosen.has(key) ? value : name) as T
  if (Array.isArray(value)) return value.map((v) => named(v, name, key)) as T
  if (typeof value !== 'object' || value === null) return value
  const free = ['digests', 'stages', 'facts', 'configuration'].includes(key)
  return Object.fromEntries(Object.entries(value).map(([k, v], i) => [free ? `${name}${i}` : k, named(v, name, k)])) as T
}

function reportOf(name: string): Report {
  const long = longReport(6, 4)
  const finding = { ...long.check.findings[0]!, place: 'a' }
  const { verdict: _, ...facts } = named<Report>(
    {
      ...long,
      check: { ...long.check, findings: [finding, finding, { ...finding, severity: 'warning' }, { ...finding, severity: 'note' }] },
      compiled: { ...compiledOf(long)!, configuration: { system: 'a' }, findings: [finding] },
      quantisation: ['a'],
      reproduction: { of: 'a', sha256: 'a', same: true, peapod: 'a', node: 'a', cpu: 'a', at: 'a' },
    },
    name,
  )
  const gates = [
    { metric: 'int8Accuracy', atLeast: 1.01, worseBy: 0.01 },
    { metric: 'agreement', atLeast: 1, worseBy: '5%', missing: 'warn' as const },
    { metric: 'latencyMs', atMost: 10 },
  ]
  return { ...facts, verdict: judge(facts, gates, { missing: name }) }
}

/** Controls but line ends, marks of direction, what has no width, halves of pairs. */
const hidden = /(?![\n\r\t])[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]|\p{Cs}/u

/** Shows where it stands, not the whole text. */
function hasNo(text: string, pattern: RegExp): void {
  const at = text.search(pattern)
  if (at >= 0) throw new Error(`${pattern} at ${JSON.stringify(text.slice(Math.max(0, at - 80), at + 40))}`)
}

/** What each form must still be, whatever it holds. Forms of JSON must parse; they may hold a name whole. */
const laws: Readonly<Record<string, (text: string, report: Report) => void>> = {
  csv: (text, { estimate }) => {
    const rows = text.trimEnd().split('\r\n')
    expect(rows.length).toBe(estimate.layers.length + 1)
    for (const row of rows) expect(row.replaceAll(/"(?:[^"]|"")*"/g, '').split(',').length).toBe(11)
    expect(text).not.toMatch(/(^|,)"?[=+@]/m)
  },
  github: (text) => {
    const lines = text.trimEnd().split('\n')
    expect(lines.map((line) => line.split(' ')[0])).toEqual(
      ['error', 'error', 'warning', 'warning', 'error', 'error', 'warning', 'notice', 'error'].map((w) => `::${w}`),
    )
    expect(text).not.toContain('\r')
  },
  gitlab: (text) => {
    const entries = JSON.parse(text) as { fingerprint: string }[]
    expect(new Set(entries.map((e) => e.fingerprint)).size).toBe(entries.length)
  },
  html: (text) => {
    expect(text.match(/<script/g)?.length).toBe(1)
    hasNo(text.replace(/="[^"<>]*"/g, ''), /<img|<!--|<[a-z][^<>]*\son\w+/)
  },
  json: (text, report) => expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(report))),
  junit: (text) => {
    const cases = [...text.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"/g)].map(([, group, name]) => `${group} ${name}`)
    expect(cases.length).toBe(10)
    expect(new Set(cases).size).toBe(cases.length)
    const tag = /<(?:\?xml [^<>]*\?|\/?(?:testsuites?|testcase|failure|skipped|system-out)(?: [a-z]+="[^"<>]*")*\/?)>/g
    expect(text.replace(tag, '')).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot|apos);)/)
  },
  markdown: (text) => {
    const body = text.split('\n')
    expect(body.filter((line) => line.startsWith('#')).every((line) => /^## . |^## .. |^### Findings$/u.test(line))).toBe(true)
    for (const line of body.filter((l) => l.startsWith('| '))) expect([3, 6, 7]).toContain(line.split('|').length - 1)
    hasNo(text, /<(?!\/?(details|summary)>)|\]\(|`/)
  },
  'model-explorer': (text) => expect(Object.keys(JSON.parse(text))).toEqual(['main']),
  sarif: (text) => {
    const { results } = JSON.parse(text).runs[0] as { results: { partialFingerprints: Record<string, string> }[] }
    expect(results.length).toBe(9)
  },
  text: (text) => {
    expect(text.split('\n')[0]).toMatch(/^FAIL {2}/)
    expect(text.split('\n').filter((line) => /^(FAIL|PASS|WARN) /.test(line)).length).toBe(6)
    for (const line of text.split('\n')) expect(line.length).toBeLessThan(3000)
  },
}

const lossless = ['json', 'model-explorer']

test('each form has its law', () => expect(Object.keys(laws).sort()).toEqual(Object.values(writers).map((w) => w.name).sort())) // biome-ignore format: one line

describe.each(Object.entries(hostile))('%s', (_, name) => {
  const report = reportOf(name)
  test.each(Object.values(writers))('in $name', async ({ name: form, write }) => {
    const text = await write(report, [])
    hasNo(text, hidden)
    if (!lossless.includes(form)) expect(text.length).toBeLessThan(1_500_000)
    if (!lossless.includes(form)) expect(text).not.toContain('x'.repeat(5000))
    laws[form]!(text, report)
  })

  test('in the documents of a run', () => {
    const { provenance, settings } = evidenceRun()
    const files = evidenceFiles({
      report,
      manifest: { ...named(provenance, name), schemaVersion: '1', written: name, config: name, files: {}, ...tools } as unknown as Manifest,
      requirements: { int8Accuracy: name },
      reproduction: report.reproduction!,
    })
    const said = { ...files, card: modelCard(report, provenance, settings), bom: mlBom(report, provenance, settings, {}) }
    for (const [file, text] of Object.entries(said)) {
      hasNo(text, hidden)
      if (file.endsWith('.json') || file === 'bom') JSON.parse(text)
      else hasNo(text.replace(/`[^`\n]*`/g, ''), /<img|<script|\]\(javascript|^# heading|^\| a \| b/m)
    }
  })
})

const tools = { peapod: '0', node: 'v20', v8: '1', platform: 'x', machine: { cpu: 'c', cores: 1, kernel: 'k' }, packages: {}, locks: {}, source: null } // biome-ignore format: facts
