/** Markdown for a step summary or a merge request: the verdict, the gates, what to do, the slowest layers. */
import type { Report } from '../define.ts'
import { layerRows } from '../layer-rows.ts'
import { compiledOf } from '../metrics.ts'
import { scoreName, scoreOf } from '../score-words.ts'
import { besideRows, lacksOf } from './beside-lines.ts'
import type { Writer } from './define.ts'
import { markdown as safe } from './escape.ts'
import { medianOf } from './run-lines.ts'
import { troublesOf } from './troubles.ts'
import { amount, bytes, grouped, limitWords, milliseconds, percent } from './words.ts'

const signs = { pass: '✅ pass', warn: '⚠️ warn', fail: '❌ fail', skip: '➖ skip' } as const
const slowest = 10

/** GitHub cuts a summary at 1 MiB; a list of troubles longer than this tells nobody more. */
const mostTroubles = 50

export const markdown = {
  name: 'markdown',
  file: 'report.md',
  write: (report: Report) => `${linesOf(report).join('\n')}\n`,
} satisfies Writer

function linesOf(r: Report): string[] {
  const troubles = troublesOf(r).filter((t) => t.place)
  const rows = layerRows(r)
  const top = [...rows].sort((a, b) => b.cycles - a.cycles).slice(0, slowest)
  return [
    `## ${signs[r.verdict.outcome]}: ${safe(r.network)} on ${safe(r.target)}, ${safe(r.data.name)} data`,
    '',
    ...table(
      ['', 'gate', 'value', 'limit', 'margin', 'source'],
      r.verdict.judgements.map((j) => [
        signs[j.outcome],
        j.metric,
        j.value === null ? safe(j.reason ?? '') : amount(j.value, j.unit),
        limitWords(j),
        j.margin === null || !Number.isFinite(j.margin) ? '' : amount(j.margin, j.unit),
        j.source,
      ]),
    ),
    '',
    ...table(['figure', 'value'], figures(r)),
    '',
    ...(troubles.length ? ['### Findings', '', ...troubles.slice(0, mostTroubles).map(troubleLine), ...more(troubles.length), ''] : []),
    `<details><summary>The ${top.length} slowest of ${rows.length} layers (estimated)</summary>`,
    '',
    ...table(
      ['layer', 'op', 'cycles', 'share', 'bound by'],
      top.map((l) => [safe(l.name), safe(l.op), grouped(l.cycles), percent(l.share, 1), safe(l.boundBy)]),
    ),
    '',
    '</details>',
  ]
}

function figures(r: Report): string[][] {
  const c = compiledOf(r)
  return [
    [scoreName(r.int8), `float ${percent(scoreOf(r.float))}, int8 ${percent(scoreOf(r.int8))} on ${grouped(r.int8.samples)} test images`],
    ['file', `${bytes(r.model.bytes)}, ${r.model.operators} operators, SHA-256 ${safe(r.model.sha256.slice(0, 16))}…`],
    [
      'latency',
      `${milliseconds(r.estimate.latencyMs)}, ${grouped(r.estimate.totalCycles)} cycles (estimated by ${safe(r.estimate.model)}, not measured)`,
    ],
    ...(lacksOf(r.estimate) ? [['**INCOMPLETE**', `the estimate lacks ${safe(lacksOf(r.estimate)!, 400)}`]] : []),
    ...besideRows(r.estimate).map(({ name, span, says }) => [
      name === 'all' ? 'latency with these' : `beside: ${name}`,
      `${span}; ${safe(says, 400)}`,
    ]),
    ...(c?.totalCycles === undefined
      ? []
      : [['compiler', `${grouped(c.totalCycles)} cycles by ${safe(`${c.compiler} ${c.version}`)} (estimated)`]]),
    ['memory', `arena ${bytes(r.estimate.arenaBytes)}, weights ${bytes(r.estimate.weightBytes)}`],
    ...r.runs.flatMap(({ runner, measurement: m }) =>
      m ? [[safe(runner), `${safe(medianOf(m.latency))} (${m.description.timing === 'measured' ? 'measured' : 'time of the host'})`]] : [],
    ),
  ]
}

const troubleLine = ({ code, severity, says, hint, place }: ReturnType<typeof troublesOf>[number]) =>
  `- **${severity}** ${safe(code)} at ${safe(place!.name)}: ${safe(says, 400)}. ${safe(hint ?? '')}`

const more = (count: number) => (count > mostTroubles ? [`- and ${count - mostTroubles} more`] : [])

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
