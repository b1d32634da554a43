/** Requirement, gate, test case and result, a row each limit. */
import { type MetricName, metrics } from '../report/metrics.ts'
import { amount, judgementName, limitWords } from '../report/writers/words.ts'
import type { MatrixRow, RunFacts } from './define.ts'

/** Ids come from the metric alone: they stay from run to run. A limit against the baseline has an id of its own. */
export const matrixOf = ({ report, requirements }: Pick<RunFacts, 'report' | 'requirements'>): MatrixRow[] =>
  report.verdict.judgements.map((j, i) => {
    const name = judgementName(j)
    return {
      requirement: requirements[j.metric] ?? `REQ-${j.metric}`,
      gate: `GATE-${name}`,
      says: metrics[j.metric as MetricName]?.says ?? j.metric,
      limit: limitWords(j) || 'against the baseline',
      junit: { classname: 'peapod.gates', name },
      result: j.outcome,
      value: j.value === null ? (j.reason ?? 'none') : amount(j.value, j.unit),
      margin: j.margin === null || !Number.isFinite(j.margin) ? '' : amount(j.margin, j.unit),
      source: j.source,
      evidence: `report.json#/verdict/judgements/${i}`,
    }
  })
