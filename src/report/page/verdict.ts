/** The head of the page: the verdict, its gates, the key figures, what to do. */
import type { Judgement, Report } from '../define.ts'
import { compiledOf } from '../metrics.ts'
import { scoreName, scoreOf } from '../score-words.ts'
import { besideRows, lacksOf } from '../writers/beside-lines.ts'
import { html } from '../writers/escape.ts'
import { differencesOf } from '../writers/run-lines.ts'
import { troublesOf } from '../writers/troubles.ts'
import { amount, bytes, grouped, limitWords, milliseconds, percent } from '../writers/words.ts'
import { cell, number, table } from './table.ts'

const words = { pass: 'PASS', warn: 'WARN', fail: 'FAIL', skip: 'skip' } as const
const signs = { pass: '✓', warn: '!', fail: '✗', skip: '–' } as const
const tones = { pass: 'pass', warn: 'warn', fail: 'fail', skip: 'skip-gate' } as const

/** A page with thousands of findings opens slowly and says no more. */
const mostFindings = 200

export function verdictSection(report: Report): string {
  const { outcome, judgements } = report.verdict
  const count = (o: Judgement['outcome']) => judgements.filter((j) => j.outcome === o).length
  const sum = [
    `${count('pass')} of ${judgements.length} gates kept`,
    ...(['fail', 'warn', 'skip'] as const).flatMap((o) => (count(o) ? [`${count(o)} ${o}`] : [])),
  ]
  return `<div class="verdict ${tones[outcome]}"><div class="word">${signs[outcome]} ${words[outcome]}</div>
<div><h1><bdi>${html(report.network)}</bdi> on <bdi>${html(report.target)}</bdi></h1><p><bdi>${html(report.data.name)}</bdi> data; ${sum.join(', ')}</p></div></div>`
}

export const gatesSection = ({ verdict }: Report): string =>
  verdict.judgements.length
    ? table(
        'Gates',
        [cell('outcome'), cell('gate'), number('value'), cell('limit'), number('margin'), cell('source')],
        verdict.judgements.map((j) => [
          { html: `<span class="outcome ${tones[j.outcome]}">${signs[j.outcome]} ${words[j.outcome]}</span>` },
          cell(j.metric),
          j.value === null ? cell(j.reason ?? 'missing') : number(amount(j.value, j.unit)),
          { html: html(limitWords(j)), whole: true },
          number(j.margin === null || !Number.isFinite(j.margin) ? '' : amount(j.margin, j.unit)),
          cell(j.source),
        ]),
      )
    : '<p>No gates are set.</p>'

export function figuresSection(report: Report): string {
  const { float, int8, estimate, model, check } = report
  const c = compiledOf(report)
  const cards: [string, string, string][] = [
    [`int8 ${scoreName(int8)}`, percent(scoreOf(int8)), `float ${percent(scoreOf(float))}, on ${grouped(int8.samples)} test images`],
    ...(int8.meanIou === undefined
      ? []
      : [['int8 pixel accuracy', percent(int8.accuracy), `float ${percent(float.accuracy)}`] as [string, string, string]]),
    ['latency', milliseconds(estimate.latencyMs), `estimated by ${html(estimate.model)}, not measured`],
    ...(c?.latencyMs === undefined
      ? []
      : [
          ['latency by compiler', milliseconds(c.latencyMs), `estimated by ${html(`${c.compiler} ${c.version}`)}`] as [
            string,
            string,
            string,
          ],
        ]),
    ['cycles', grouped(estimate.totalCycles), `at ${estimate.clockHz / 1e6} MHz, estimated`],
    ['arena', bytes(estimate.arenaBytes), `weights ${bytes(estimate.weightBytes)}`],
    ['file', bytes(model.bytes), `${model.operators} operators, ${grouped(model.parameters)} parameters`],
    ['placement', `${check.placement.accelerator} on the accelerator`, `${check.placement.cpu} on the CPU`],
    ...report.runs.flatMap(({ agreement: a, runner }) =>
      a
        ? [
            [
              `agreement`,
              percent(a.agreement),
              `with ${html(runner, 40)} on ${grouped(a.samples)} images, bit-equal ${percent(a.bitEqual, 1)}, ${html(differencesOf(a))}`,
            ] as [string, string, string],
          ]
        : [],
    ),
  ]
  const missing = lacksOf(estimate)
  const lacks = missing ? `<p class="warn"><span class="outcome">INCOMPLETE</span> the estimate lacks ${html(missing, 400)}</p>` : ''
  const beside = besideRows(estimate).map(({ name, span, says }) => [cell(name), cell(span), { html: html(says, 400) }])
  return `${lacks}<dl class="cards">${cards.map(([name, value, more]) => `<div><dt>${name}</dt><dd>${value}<small>${more}</small></dd></div>`).join('')}</dl>${
    beside.length > 0 ? table('Beside the estimate', [cell('term'), cell('time'), cell('what it is')], beside) : ''
  }`
}

export function findingsSection(report: Report): string {
  const troubles = troublesOf(report).filter((t) => t.place)
  if (!troubles.length) return `<p>None: all ${report.check.placement.accelerator} operators run on the accelerator.</p>`
  const items = troubles.slice(0, mostFindings).map(({ code, severity, says, hint, place }) => {
    const tone = severity === 'error' ? 'fail' : severity === 'warning' ? 'warn' : 'skip-gate'
    return `<li><span class="outcome ${tone}">${severity}</span> <code>${html(code)}</code> at <bdi>${html(place!.name)}</bdi>: ${html(says, 400)}. ${html(hint ?? '', 400)}</li>`
  })
  const more = troubles.length > mostFindings ? `<p>And ${troubles.length - mostFindings} more: see report.json.</p>` : ''
  return `<ul class="findings">${items.join('')}</ul>${more}`
}
