/** Classes, times by who says them, and where all of it comes from. */
import type { Report } from '../define.ts'
import { compiledOf } from '../metrics.ts'
import { sayings } from '../sayings.ts'
import { html } from '../writers/escape.ts'
import { grouped, milliseconds, percent } from '../writers/words.ts'
import { cell, facts, nameCell, number, table } from './table.ts'

const mostConfusions = 12

/** Where int8 errs most: pairs of classes, and how often. */
export function confusionsSection({ int8, data }: Report): string {
  const pairs = int8.confusion
    .flatMap((row, actual) =>
      row.flatMap((count, predicted) =>
        count && actual !== predicted ? [{ actual, predicted, count, of: row.reduce((a, b) => a + b, 0) }] : [],
      ),
    )
    .sort((a, b) => b.count - a.count)
  if (!pairs.length) return '<p>Every test image is classified right.</p>'
  const name = (c: number) => nameCell(data.classes[c] ?? `${c}`)
  const rows = pairs
    .slice(0, mostConfusions)
    .map(({ actual, predicted, count, of }) => [
      name(actual),
      name(predicted),
      number(grouped(count), count),
      number(percent(count / of, 1)),
      number(percent(int8.recall[actual] ?? 0, 1)),
    ])
  return `<h3>What it takes for what most often</h3>${table('Most frequent confusions', [cell('actual'), cell('taken for'), number('images'), number('of the class'), number('recall')], rows)}`
}

export function timesSection(report: Report): string {
  const says = { estimated: 'estimated', measured: 'measured', host: 'a time of this host, not of the target' } as const
  const rows = sayings(report).map(({ who, how, latencyMs, cycles }) => [
    cell(who),
    number(milliseconds(latencyMs)),
    number(cycles === undefined ? '' : grouped(cycles)),
    cell(says[how]),
  ])
  const why = report.compiled && 'missing' in report.compiled ? `<p>Not compiled: ${html(report.compiled.missing, 400)}</p>` : ''
  return `${table('Latency by who says it', [cell('who'), number('one inference'), number('cycles'), cell('how')], rows)}${why}`
}

export function provenanceSection(report: Report): string {
  const { model, data, estimate, training, stages, int8, runs } = report
  const c = compiledOf(report)
  const code = (text: string) => `<code>${html(text)}</code>`
  const rows: [string, string][] = [
    ['Peapod', html(report.peapod)],
    ['model', `${code(model.file)}, SHA-256 ${code(model.sha256)}`],
    ['seed', `${report.seed}`],
    ['classes', `${data.classes.length}`],
    ...Object.entries(data.digests).map(([split, digest]): [string, string] => [`data, ${split}`, code(digest)]),
    ...(training
      ? [
          [
            'training',
            `${training.epochs} epochs, the best is ${training.bestEpoch}; ${milliseconds(training.durationMs)}, ${Math.round(training.imagesPerSecond)} images/s`,
          ] as [string, string],
        ]
      : []),
    ...Object.entries(stages).map(([stage, gap]): [string, string] => [
      `stage ${stage}`,
      `changes outputs by at most ${gap.toExponential(1)} of the largest`,
    ]),
    ['int8 rounding', html(int8.rounding)],
    ['estimate', `${html(estimate.model)} for ${html(estimate.target)}, ${estimate.clockHz / 1e6} MHz`],
    ...(c
      ? [['compiler', html([`${c.compiler} ${c.version}`, ...Object.values(c.configuration ?? {})].join(', '))] as [string, string]]
      : []),
    ...runs.flatMap(({ runner, measurement: m }): [string, string][] =>
      m
        ? [
            [
              `runner ${runner}`,
              html(
                Object.entries(m.description.facts)
                  .map(([k, v]) => `${k}: ${v}`)
                  .join('; '),
                600,
              ),
            ],
          ]
        : [],
    ),
  ]
  return `${facts('Provenance', rows)}<p>The digest of every file of this run, the commit and the versions stand in <code>manifest.json</code> beside this page; the numbers of this page in <code>report.json</code>.</p>`
}
