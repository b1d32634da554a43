/** The terms beside an estimate in words, and that its total lacks layers. */
import type { Estimate } from '../../target/define.ts'
import { shown } from './escape.ts'
import { milliseconds } from './words.ts'

const words = { cpuMs: 'CPU', startMs: 'starts', transferMs: 'transfers' } as const

/** `name`, its span, and what it is; the last of several is the latency with all of them. Texts are of the file and not made safe. */
export type BesideRow = { readonly name: string; readonly span: string; readonly says: string }

export function besideRows({ besides = {}, latencyMs }: Estimate): BesideRow[] {
  const terms = (Object.keys(words) as (keyof typeof words)[]).flatMap((key) =>
    besides[key] ? [{ name: words[key], ...besides[key] }] : [],
  )
  const span = (low: number, high: number) => `${milliseconds(low)} to ${milliseconds(high)}`
  const sum = (end: 'low' | 'high') => terms.reduce((all, term) => all + term[end], latencyMs)
  return [
    ...terms.map(({ name, low, high, says, evidence, unpriced = [] }) => ({
      name,
      span: span(low, high),
      says: `${says} (${evidence.confidence}), not in the total${unpriced.length > 0 ? `; no price for ${unpriced.join(', ')}` : ''}`,
    })),
    ...(terms.length > 0 ? [{ name: 'all', span: span(sum('low'), sum('high')), says: 'with all of it' }] : []),
  ]
}

/** What the total lacks; undefined where it has all layers. */
export const lacksOf = ({ unpriced = [] }: Estimate): string | undefined => (unpriced.length > 0 ? unpriced.join(', ') : undefined)

export function besideLines(estimate: Estimate): string[] {
  const lacks = lacksOf(estimate)
  return [
    ...(lacks ? [`INCOMPLETE: the total lacks ${shown(lacks, 400)}`] : []),
    ...besideRows(estimate).map(({ name, span, says }) =>
      name === 'all' ? `           ${says} ${span}` : `beside     ${name} ${span}: ${shown(says, 600)}`,
    ),
  ]
}
