/** From the results of an experiment's cells to its rows: mean, deviation, and the paired difference to the baseline. */
import type { CellResult, Difference, ExperimentReport, Row, Spread } from './define.ts'
import { studentT } from './student-t.ts'

const confidence = 0.95

export function spreadOf(values: readonly number[]): Spread {
  const n = values.length
  if (n === 0) return { n, mean: null, deviation: null }
  const mean = values.reduce((a, b) => a + b, 0) / n
  const deviation = n < 2 ? null : Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1))
  return { n, mean, deviation }
}

/** Of differences of pairs: half-width t(n - 1) * deviation / sqrt(n). One pair has no interval. */
export function differenceOf(pairs: readonly number[]): Difference {
  const { n, mean, deviation } = spreadOf(pairs)
  return { n, mean, halfWidth: deviation === null ? null : (studentT(confidence, n - 1) * deviation) / Math.sqrt(n) }
}

type Metric = 'float' | 'int8'

const valuesOf = (cells: readonly CellResult[], metric: Metric) => cells.flatMap((cell) => cell[metric] ?? [])

const paired = (cells: readonly CellResult[], baseline: readonly CellResult[], metric: Metric): Difference =>
  differenceOf(
    cells.flatMap((cell) => {
      const [a, b] = [cell[metric], baseline.find(({ seed }) => seed === cell.seed)?.[metric] ?? null]
      return a === null || b === null ? [] : [a - b]
    }),
  )

const rowKey = ({ network, kind, ensemble, activation, end }: CellResult) => JSON.stringify([network, end, kind, ensemble, activation])

/** Rows stand in the order in which their first cells do. */
export function rowsOf(cells: readonly CellResult[]): Row[] {
  const groups = new Map<string, CellResult[]>()
  for (const cell of cells) groups.set(rowKey(cell), [...(groups.get(rowKey(cell)) ?? []), cell])
  return [...groups.values()].map((group): Row => {
    const { network, base, kind, ensemble, activation, end } = group[0]!
    const baseline = groups.get(JSON.stringify([network, end, 'baseline', null, null]))
    const against = kind === 'baseline' ? undefined : baseline
    const without = group.find((cell) => cell.without)?.without
    return {
      ...{ network, base, kind, ensemble, activation, end },
      seeds: group.flatMap((cell) => (cell.float === null ? [] : [cell.seed])),
      failures: group.flatMap(({ seed, failure }) => (failure === undefined ? [] : [{ seed, why: failure }])),
      float: spreadOf(valuesOf(group, 'float')),
      int8: spreadOf(valuesOf(group, 'int8')),
      ...(without !== undefined && { withoutInt8: without }),
      floatDifference: against ? paired(group, against, 'float') : null,
      int8Difference: against ? paired(group, against, 'int8') : null,
    }
  })
}

/** All cells must be of the same data. */
export function summarise(
  { says, ...head }: Pick<ExperimentReport, 'name' | 'peapod' | 'missing'> & { readonly says?: string | undefined },
  cells: readonly CellResult[],
): ExperimentReport {
  const { samples = 0, data = {} } = cells[0] ?? {}
  return { schemaVersion: '1', ...head, ...(says !== undefined && { says }), samples, data, rows: rowsOf(cells), cells }
}
