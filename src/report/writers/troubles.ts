/** What a reader must act on, in one list: findings with their place, and gates that are not kept. */
import type { Severity } from '../../target/define.ts'
import type { Judgement, Report } from '../define.ts'
import { findingsOf, type MetricName, metrics } from '../metrics.ts'
import { amount, judgementName, limitWords } from './words.ts'

export type Trouble = {
  /** Stable: the rule's name, or `gate/` and the metric. */
  readonly code: string
  readonly severity: Severity
  /** What the rule or the gate asks. */
  readonly rule: string
  readonly says: string
  readonly hint?: string
  /** The tensor and the node of the file; absent where it is about the run. */
  readonly place?: { readonly name: string; readonly op: string; readonly node: number }
}

export const troublesOf = (report: Report): Trouble[] => [
  ...report.verdict.judgements.filter((j) => j.outcome === 'fail' || j.outcome === 'warn').map(gateTrouble),
  ...findingsOf(report).map(
    (f): Trouble => ({
      code: f.code,
      severity: f.severity,
      rule: f.says,
      says: `${f.says}; found ${f.found}`,
      hint: f.hint,
      place: { name: f.place, op: f.op, node: f.node },
    }),
  ),
]

function gateTrouble(j: Judgement): Trouble {
  const value = j.value === null ? (j.reason ?? 'missing') : `is ${amount(j.value, j.unit)} (${j.source})`
  return {
    code: `gate/${judgementName(j)}`,
    severity: j.outcome === 'fail' ? 'error' : 'warning',
    rule: metrics[j.metric as MetricName].says,
    says: [`${j.metric}: ${value}`, limitWords(j) && `limit ${limitWords(j)}`].filter(Boolean).join('; '),
  }
}
