/** What each form of a report says. */
import { expect, test } from 'vitest'
import type { Report } from '../src/report/define.ts'
import { judge } from '../src/report/judge.ts'
import { csv as cell, html, markdown, shown } from '../src/report/writers/escape.ts'
import * as writers from '../src/report/writers/index.ts'
import { sampleReport } from './samples/report.ts'

const hostile = [
  '<img src=x onerror=alert(1)></script><b>',
  'a"b\'c`d|e*f_g[h](javascript:alert(1))',
  '=HYPERLINK("http://x","y")',
  'line\r\n::error::forged%0A',
  '\u001b[31mred\u0000\u0007',
  'abc\u202Efdp.exe\u2066\u200f',
  '\ud800 half a pair',
  ']]>-->&amp;',
  'x'.repeat(10_000),
]

const reportNamed = (name: string): Report => {
  const [first, second] = sampleReport.estimate.layers
  const facts: Omit<Report, 'verdict'> = {
    ...sampleReport,
    network: name,
    data: { ...sampleReport.data, name, classes: [name, 'b'] },
    check: { ...sampleReport.check, findings: [{ ...sampleReport.check.findings[0]!, place: name, found: name, hint: name }] },
    estimate: { ...sampleReport.estimate, layers: [{ ...first!, name }, second!] },
  }
  return {
    ...facts,
    verdict: judge(facts, [
      { metric: 'int8Accuracy', atLeast: 0.8 },
      { metric: 'agreement', atLeast: 1, missing: 'warn' },
    ]),
  }
}

test('what JSON holds, parses, and has the whole name', () => {
  for (const name of hostile) {
    expect((JSON.parse(writers.json.write(reportNamed(name))) as Report).network).toBe(name)
    expect(Object.keys(JSON.parse(writers.modelExplorer.write(reportNamed(name))).main.results)).toContain(name)
    JSON.parse(writers.sarif.write(reportNamed(name)))
    JSON.parse(writers.gitlab.write(reportNamed(name)))
  }
})

test('one annotation a trouble, and no name begins another', () => {
  for (const name of hostile) {
    const lines = writers.github.write(reportNamed(name)).trimEnd().split('\n')
    expect(lines.map((l) => l.split(' ')[0])).toEqual(['::error', '::warning', '::error'])
    for (const line of lines) expect(line).not.toMatch(/\r/)
  }
  expect(writers.github.write(reportNamed('a:b,c%'))).toContain('title=stride at a%3Ab%2Cc%25::')
})

test('CSV has one line a layer; a spreadsheet sees no formula', () => {
  for (const name of hostile) expect(writers.csv.write(reportNamed(name)).trimEnd().split('\r\n')).toHaveLength(3)
  expect(cell('=1+1')).toBe(`"'=1+1"`)
  expect(cell('a"b')).toBe('"a""b"')
  expect(cell(-1)).toBe('-1')
})

test('marks that cannot be seen are shown; long names are cut and counted', () => {
  expect(shown('a\u202eb\n\u001b')).toBe('a\\u{202e}b\\u{a}\\u{1b}')
  expect(shown('x'.repeat(10_000))).toBe(`${'x'.repeat(120)}… (10000 characters)`)
  expect(shown('ab𝄞\ud800')).toBe('ab𝄞\\u{d800}')
  expect(html(`<a href="x">'&`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;')
  expect(markdown('a|b<c>*')).toBe('a&#124;b&#60;c&#62;&#42;')
})

test('SARIF names the rule, the level, the file and the layer of each trouble', () => {
  const { version, runs } = JSON.parse(writers.sarif.write(reportNamed('conv1')))
  expect(version).toBe('2.1.0')
  const { tool, results, artifacts } = runs[0]
  expect(tool.driver.rules.map((r: { id: string }) => r.id)).toEqual(['gate/int8Accuracy', 'gate/agreement', 'stride'])
  expect(results.map((r: { level: string }) => r.level)).toEqual(['error', 'warning', 'error'])
  expect(results[2].locations[0].logicalLocations[0]).toMatchObject({ name: 'conv1', fullyQualifiedName: '0/conv-2d/conv1' })
  expect(artifacts[0].hashes['sha-256']).toBe(sampleReport.model.sha256)
  expect(new Set(results.map((r: any) => r.partialFingerprints['peapodTrouble/v1'])).size).toBe(3)
})

test('GitLab’s entries have a fingerprint of their own and a place', () => {
  const entries = JSON.parse(writers.gitlab.write(reportNamed('conv1')))
  expect(entries.map((e: any) => [e.check_name, e.severity, e.location.path])).toEqual([
    ['gate/int8Accuracy', 'critical', 'peapod.json'],
    ['gate/agreement', 'minor', 'peapod.json'],
    ['stride', 'critical', 'model.tflite'],
  ])
  expect(new Set(entries.map((e: any) => e.fingerprint)).size).toBe(3)
})

test('Markdown has the verdict first and whole tables', () => {
  const said = writers.markdown.write(reportNamed('a|b'))
  expect(said.split('\n')[0]).toBe('## ❌ fail: a&#124;b on ethos-u55-128, a&#124;b data')
  for (const line of said.split('\n').filter((l) => l.startsWith('| '))) expect([3, 6, 7]).toContain(line.split('|').length - 1)
  expect(said).toContain('| ❌ fail | int8Accuracy | 75.00 % | at least 80.00 % | -5.00 % | computed |')
})
