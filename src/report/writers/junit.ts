/** JUnit XML: each gate is a test case, each finding a failed one with its place. */
import type { Finding } from '../../target/define.ts'
import type { Judgement, Report } from '../define.ts'
import { findingsOf } from '../metrics.ts'
import type { Writer } from './define.ts'
import { shown } from './escape.ts'
import { amount, judgementName, limitWords } from './words.ts'

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }
/** XML 1.0 allows few control characters, escaped or not. */
const escaped = (text: string, most = 200) => shown(text, most).replace(/[&<>"']/g, (c) => entities[c]!)
const longest = 2000

export const junit = {
  name: 'junit',
  file: 'junit.xml',
  write: (report: Report) => {
    const suites = [
      suite(`gates ${report.target}`, report.verdict.judgements.map(gateCase)),
      suite(`check ${report.target}`, findingCases(report)),
    ]
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="peapod">\n${suites.join('\n')}\n</testsuites>\n`
  },
} satisfies Writer

type Case = { readonly xml: string; readonly outcome: 'pass' | 'fail' | 'skip' }

function suite(name: string, cases: readonly Case[]): string {
  const count = (outcome: Case['outcome']) => cases.filter((c) => c.outcome === outcome).length
  const head = `  <testsuite name="${escaped(name)}" tests="${cases.length}" failures="${count('fail')}" errors="0" skipped="${count('skip')}">`
  return [head, ...cases.map((c) => c.xml), '  </testsuite>'].join('\n')
}

function gateCase(j: Judgement): Case {
  const value = j.value === null ? (j.reason ?? 'missing') : amount(j.value, j.unit)
  const says = `${j.metric} is ${value} (${j.source}); limit: ${limitWords(j)}`
  return testCase('peapod.gates', judgementName(j), j.outcome === 'warn' ? 'pass' : j.outcome, says, 'gate')
}

function findingCases(report: Report): Case[] {
  const findings = findingsOf(report)
  if (!findings.length) return [testCase('peapod.check', 'no findings', 'pass', 'the model fits the target', 'check')]
  const seen = new Map<string, number>()
  return findings.map((f: Finding) => {
    const says = `${f.says}; found: ${f.found}. ${f.hint}`
    // A reader of these files takes two cases of one name for one.
    const name = shown(`${f.code} ${f.place}`)
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return testCase('peapod.check', times > 1 ? `${name} (${times})` : name, f.severity === 'error' ? 'fail' : 'pass', says, f.code)
  })
}

function testCase(group: string, name: string, outcome: Case['outcome'], says: string, type: string): Case {
  const open = `    <testcase classname="${escaped(group)}" name="${escaped(name)}" time="0">`
  const body = {
    pass: `<system-out>${escaped(says, longest)}</system-out>`,
    fail: `<failure message="${escaped(says)}" type="${escaped(type)}">${escaped(says, longest)}</failure>`,
    skip: `<skipped message="${escaped(says)}"/>`,
  }[outcome]
  return { xml: `${open}${body}</testcase>`, outcome }
}
