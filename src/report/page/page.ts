/** The whole page: one file, no request leaves it, and nothing runs but its own script. */

import type { Chart, Drawing } from '../charts/define.ts'
import { draw } from '../charts/draw.ts'
import { charts } from '../charts/index.ts'
import type { Report } from '../define.ts'
import type { Picture } from '../writers/define.ts'
import { html } from '../writers/escape.ts'
import { confusionsSection, provenanceSection, timesSection } from './details.ts'
import { disagreementsSection } from './disagreements.ts'
import { iouSection } from './iou.ts'
import { layersSection } from './layers.ts'
import { script } from './script.ts'
import { style } from './style.ts'
import { figuresSection, findingsSection, gatesSection, verdictSection } from './verdict.ts'
import { worstSection } from './worst.ts'

const widths = { wide: 900, phone: 340 } as const

export async function page(report: Report, pictures: readonly Picture[] = []): Promise<string> {
  const drawn = new Map<Chart['section'], string>()
  for (const chart of charts) {
    const drawing = chart.of(report)
    if (drawing) drawn.set(chart.section, (drawn.get(chart.section) ?? '') + (await figure(chart.title, drawing)))
  }
  const of = (section: Chart['section']) => drawn.get(section) ?? ''
  const { outcome } = report.verdict
  const sections: [string, string, string][] = [
    ['gates', 'Gates', gatesSection(report)],
    ['figures', 'Figures', figuresSection(report)],
    ['findings', 'Findings', findingsSection(report)],
    ['training', 'Training', of('training')],
    [
      'accuracy',
      'Accuracy',
      (report.int8.iou
        ? iouSection(report) + worstSection(report, pictures) + of('accuracy')
        : of('accuracy') + confusionsSection(report) + worstSection(report, pictures)) + disagreementsSection(report),
    ],
    ['quantisation', 'Quantisation', quantisedSection(report) + of('quantisation')],
    ['layer-table', 'Layers', layersSection(report) + of('layers')],
    ['memory', 'Memory', of('memory')],
    ['latency', 'Latency', timesSection(report) + of('latency')],
    ['provenance', 'Provenance', provenanceSection(report)],
    ['notes', 'Notes', notesSection(report)],
  ]
  const present = sections.filter(([, , content]) => content)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${await digest(script)}'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${outcome.toUpperCase()}: ${html(report.network)} on ${html(report.target)}</title>
<style>${style}</style></head><body>
<a class="skip" href="#gates">To the gates</a>
<header>${verdictSection(report)}</header>
<nav aria-label="Sections"><ul>${present.map(([id, title]) => `<li><a href="#${id}">${title}</a></li>`).join('')}</ul></nav>
<main>
${present.map(([id, title, content]) => `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>\n${content}</section>`).join('\n')}
</main>
<footer>Written by Peapod ${html(report.peapod)}. Estimates are no measurements: each figure says how it came about.</footer>
<script>${script}</script></body></html>
`
}

/** Once for a desk, once for a telephone: text that shrinks with its picture cannot be read. */
async function figure(title: string, { caption, spec }: Drawing): Promise<string> {
  const pictures = await Promise.all(
    Object.entries(widths).map(
      async ([name, width]) => `<div class="${name}" role="img" aria-label="${html(title)}">${await draw(spec(width))}</div>`,
    ),
  )
  return `<figure><h3>${html(title)}</h3>${pictures.join('')}<figcaption>${html(caption, 1000)}</figcaption></figure>\n`
}

const quantisedSection = ({ quantisation }: Report): string =>
  quantisation?.length ? `<ul>${quantisation.map((words) => `<li>${html(words, 400)}</li>`).join('')}</ul>` : ''

const notesSection = ({ estimate }: Report): string =>
  estimate.notes.length ? `<ul>${estimate.notes.map((note) => `<li>${html(note, 1000)}</li>`).join('')}</ul>` : ''

/** The policy names the one script that may run; a name that slips through any escape stays text. */
async function digest(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return btoa(String.fromCharCode(...hash))
}
