/** Numbers in a person's words. */
import type { Judgement } from '../define.ts'
import type { Metric } from '../metrics.ts'

export const percent = (share: number, digits = 2): string => `${(share * 100).toFixed(digits)} %`

export const grouped = (n: number): string =>
  Math.round(n)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')

export const bytes = (n: number): string =>
  Math.abs(n) < 1024 ? `${n} B` : Math.abs(n) < 1024 * 1024 ? `${(n / 1024).toFixed(1)} KiB` : `${(n / 1024 / 1024).toFixed(2)} MiB`

export const milliseconds = (ms: number): string =>
  ms < 10 ? `${ms.toFixed(3)} ms` : ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(1)} s`

const forms: Readonly<Record<Metric['unit'], (n: number) => string>> = {
  share: percent,
  ms: milliseconds,
  bytes,
  count: (n) => `${n}`,
  cycles: grouped,
  steps: (n) => `${n} steps`,
  dB: (n) => `${n.toFixed(1)} dB`,
}

export const amount = (value: number, unit: string): string => forms[unit as Metric['unit']](value)

/** Its own within a verdict: a metric may have two, one absolute and one against the baseline. */
export const judgementName = ({ metric, limit, baseline }: Judgement): string =>
  baseline !== undefined || Object.keys(limit).length === 0 ? `${metric}-baseline` : metric

/** A gate's limit, such as `at most 5.000 ms`. */
export const limitWords = ({ limit, unit, baseline }: Judgement): string =>
  [
    limit.atLeast === undefined ? '' : `at least ${amount(limit.atLeast, unit)}`,
    limit.atMost === undefined ? '' : `at most ${amount(limit.atMost, unit)}`,
    baseline === undefined ? '' : `baseline ${amount(baseline, unit)}`,
  ]
    .filter(Boolean)
    .join(', ')
