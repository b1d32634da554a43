/** The terms beside an estimate in words, and that its total lacks layers. */
import type { Estimate } from '../../target/define.ts'
import { shown } from './escape.ts'
import { milliseconds } from './words.ts'

const words = { cpuMs: 'CPU', startMs: 'starts', transferMs: 'transfers' } as const

export function besideLines({ unpriced = [], besides = {}, latencyMs }: Estimate): string[] {
  const terms = (Object.keys(words) as (keyof typeof words)[]).flatMap((key) =>
    besides[key] ? [{ name: words[key], ...besides[key] }] : [],
  )
  const sum = (end: 'low' | 'high') => milliseconds(terms.reduce((all, term) => all + term[end], latencyMs))
  return [
    ...(unpriced.length > 0 ? [`INCOMPLETE: the total lacks ${shown(unpriced.join(', '), 400)}`] : []),
    ...terms.map(
      ({ name, low, high, says, evidence }) =>
        `beside     ${name} ${milliseconds(low)} to ${milliseconds(high)}: ${shown(says, 400)} (${evidence.confidence}), not in the total`,
    ),
    ...(terms.length > 0 ? [`           with all of it ${sum('low')} to ${sum('high')}`] : []),
  ]
}
