/** Where a runner and our executor take samples for other classes. */
import type { Report } from '../define.ts'
import { grouped, percent } from '../writers/words.ts'
import { cell, nameCell, number, table } from './table.ts'

const mostPairs = 12

/** Nothing where all agree. Of pixels where the network answers those. */
export function disagreementsSection({ runs, data }: Pick<Report, 'runs' | 'data'>): string {
  const name = (c: number) => nameCell(data.classes[c] ?? `${c}`)
  const rows = runs.flatMap(({ runner, agreement: a }) =>
    (a?.confusion ?? [])
      .slice(0, mostPairs)
      .map(({ here, there, samples }) => [
        nameCell(runner),
        name(here),
        name(there),
        number(grouped(samples), samples),
        number(percent(a!.agreement, 2)),
      ]),
  )
  if (!rows.length) return ''
  const heads = [cell('runner'), cell('class here'), cell('class there'), number('times'), number('same class')]
  return `<h3>Where a runner and the executor disagree</h3>${table('Disagreements of runner and executor', heads, rows)}`
}
