/** What the runners said, as lines. */
import type { Conditions, LatencyStats } from '../../device/define.ts'
import type { Report } from '../define.ts'
import { scoreWords } from '../score-words.ts'
import { shown } from './escape.ts'
import { grouped, milliseconds, percent } from './words.ts'

/** The median and its tail, or that there is none to judge by. */
export function medianOf(l: LatencyStats): string {
  const tail = l.p99Ms === undefined ? (l.p95Ms === undefined ? '' : `, p95 ${milliseconds(l.p95Ms)}`) : `, p99 ${milliseconds(l.p99Ms)}`
  const range = l.medianRangeMs ? ` (${l.medianRangeMs.map((ms) => milliseconds(ms)).join(' to ')})` : ''
  return `${l.unstable ? 'UNSTABLE ' : ''}median ${milliseconds(l.medianMs)}${range}${tail}`
}

export const timesOf = (l: LatencyStats): string =>
  `${medianOf(l)}, fastest ${milliseconds(l.minMs)}; the first took ${milliseconds(l.firstMs)}, initialisation ${milliseconds(l.initMs)}`

const conditionsOf = ({ governor, frequencyMHz, temperature }: Conditions): string =>
  [governor, frequencyMHz && `${frequencyMHz} MHz`, temperature !== undefined && `${temperature} °C`].filter(Boolean).join(', ')

const mostLayers = 5

export const runLines = ({ runs, data: { classes } }: Pick<Report, 'runs' | 'data'>): string[] =>
  runs.flatMap(({ runner, measurement: m, agreement: a, rounding }) => [
    ...(m
      ? [
          `runner     ${shown(runner)} ${medianOf(m.latency)}, first ${milliseconds(m.latency.firstMs)}, initialisation ${milliseconds(m.latency.initMs)} ` +
            `(${m.description.timing === 'measured' ? 'MEASURED on that runtime' : 'time of this host, not of the target'})`,
          ...(m.latency.unstable ? [`           no verdict on latency: ${shown(m.latency.unstable, 300)}`] : []),
          ...(m.conditions
            ? [`           before ${shown(conditionsOf(m.conditions.before))}; after ${shown(conditionsOf(m.conditions.after))}`]
            : []),
          ...[...(m.layers ?? [])]
            .sort((x, y) => y.meanMs - x.meanMs)
            .slice(0, mostLayers)
            .map((l) => `           ${milliseconds(l.meanMs)} in ${shown(l.name, 60)} (${shown(l.op, 40)})`),
        ]
      : []),
    ...(a
      ? [
          `           ${shown(runner)} ${scoreWords(a)}, agrees with us${rounding ? `, in ${shown(rounding)} rounding,` : ''} on ${percent(a.agreement)} of ${grouped(a.samples)}, ` +
            `bit-equal ${percent(a.bitEqual)}, ${differencesOf(a)}`,
          ...(a.slackSteps === undefined
            ? []
            : [`           compared at the decimals that it prints: up to ${a.slackSteps} steps are lost in them`]),
          ...(a.confusion?.length ? [`           other classes: ${confusionOf(a.confusion, classes)}`] : []),
        ]
      : []),
  ])

type Agreement = NonNullable<Report['runs'][number]['agreement']>

export const differencesOf = ({ maxDifference, meanDifference }: Agreement): string =>
  `largest difference ${maxDifference} steps${meanDifference ? `, mean ${meanDifference.toPrecision(2)}` : ''}`

const mostPairs = 4

/** The most frequent pairs: what it is here, and there. */
export function confusionOf(pairs: NonNullable<Agreement['confusion']>, classes: readonly string[]): string {
  const name = (c: number) => shown(classes[c] ?? `class ${c}`, 30)
  const said = pairs.slice(0, mostPairs).map(({ here, there, samples }) => `${samples} ${name(here)} here, ${name(there)} there`)
  return [...said, ...(pairs.length > mostPairs ? [`${pairs.length - mostPairs} more`] : [])].join('; ')
}
