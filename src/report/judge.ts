/** Holds a report against its gates. */
import type { Gate, Judgement, Report, Verdict } from './define.ts'
import { type Metric, type MetricName, metrics, sourceOf } from './metrics.ts'

/** A gate lists its own value, limit and margin; the verdict is the worst of them. A metric that is not there fails, unless its gate says otherwise. */
export function judge(report: Omit<Report, 'verdict'>, gates: readonly Gate[]): Verdict {
  const judgements = gates.map((gate) => judgeOne(report, gate))
  const has = (outcome: Judgement['outcome']) => judgements.some((j) => j.outcome === outcome)
  const outcome = has('fail') ? 'fail' : has('warn') ? 'warn' : 'pass'
  return { outcome, exitCode: outcome === 'fail' ? 1 : 0, judgements }
}

function judgeOne(report: Omit<Report, 'verdict'>, gate: Gate): Judgement {
  const metric: Metric = metrics[gate.metric as MetricName]
  const value = metric.of(report)
  const { atLeast, atMost } = gate
  const limit = { ...(atLeast !== undefined && { atLeast }), ...(atMost !== undefined && { atMost }) }
  const place = { metric: gate.metric, unit: metric.unit, source: sourceOf(metric, report), limit }
  if (value === undefined || Number.isNaN(value))
    return { ...place, outcome: gate.missing ?? 'fail', value: null, margin: null, reason: 'this run did not produce it' }
  const margin = Math.min((atMost ?? Infinity) - value, value - (atLeast ?? -Infinity))
  return { ...place, outcome: margin >= 0 ? 'pass' : (gate.level ?? 'fail'), value, margin }
}
