/** Holds a report against its gates. */
import type { Gate, Judgement, Report, Verdict } from './define.ts'
import { type Metric, type MetricName, metrics, sourceOf } from './metrics.ts'

/** Values of the baseline by metric, or why there are none. */
export type Reference = { readonly values: Readonly<Partial<Record<string, number>>> } | { readonly missing: string }

const noBaseline: Reference = { missing: 'there is no baseline; peapod baseline RUN writes one' }

/**
 * A gate lists its own value, limit and margin, once for its absolute limit and once for the one relative to the baseline; the verdict is
 * the worst of them. A metric that is not there fails, unless its gate says otherwise; so does a baseline.
 */
export function judge(report: Omit<Report, 'verdict'>, gates: readonly Gate[], baseline: Reference = noBaseline): Verdict {
  const judgements = gates.flatMap((gate) => {
    const absolute = gate.atLeast !== undefined || gate.atMost !== undefined ? [judgeOne(report, gate)] : []
    return gate.worseBy === undefined ? absolute : [...absolute, judgeRelative(report, gate, gate.worseBy, baseline)]
  })
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
    return {
      ...place,
      outcome: gate.missing ?? 'fail',
      value: null,
      margin: null,
      reason: metric.why?.(report) ?? 'this run did not produce it',
    }
  const margin = Math.min((atMost ?? Infinity) - value, value - (atLeast ?? -Infinity))
  return { ...place, outcome: margin >= 0 ? 'pass' : (gate.level ?? 'fail'), value, margin }
}

/** The baseline's value and what may be lost of it make an absolute limit. */
function judgeRelative(report: Omit<Report, 'verdict'>, gate: Gate, worseBy: NonNullable<Gate['worseBy']>, baseline: Reference): Judgement {
  const { metric } = gate
  const { better } = metrics[metric as MetricName] as Metric
  const before = 'values' in baseline ? baseline.values[metric] : undefined
  const given = { metric, ...(gate.level && { level: gate.level }), ...(gate.missing && { missing: gate.missing }) }
  if (before === undefined) {
    const reason = 'missing' in baseline ? baseline.missing : 'the baseline does not have it'
    return { ...judgeOne(report, given), outcome: gate.missing ?? 'fail', margin: null, reason }
  }
  const room = typeof worseBy === 'number' ? worseBy : (Number.parseFloat(worseBy) / 100) * Math.abs(before)
  const limit = better === 'higher' ? { atLeast: before - room } : { atMost: before + room }
  return { ...judgeOne(report, { ...given, ...limit }), baseline: before }
}
