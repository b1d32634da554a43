/** An experiment as CSV: its rows, and its single trainings. */
import { csv } from '../writers/escape.ts'
import type { CellFacts, CellResult, ExperimentReport, Row } from './define.ts'

/** Nothing where there is no value. */
const field = (value: unknown): string =>
  value === null || value === undefined ? '' : csv(typeof value === 'number' ? value : String(value))

const written = <T>(columns: Readonly<Record<string, (of: T) => unknown>>, all: readonly T[]): string =>
  [Object.keys(columns), ...all.map((each) => Object.values(columns).map((value) => value(each)))]
    .map((cells) => `${cells.map(field).join(',')}\r\n`)
    .join('')

type Place = Omit<CellFacts, 'seed'>

const place = {
  network: (r: Place) => r.network,
  end: (r: Place) => r.end,
  kind: (r: Place) => r.kind,
  ensemble: (r: Place) => r.ensemble,
  activation: (r: Place) => r.activation ?? r.base,
}

export const rowsCsv = {
  file: 'experiment.csv',
  write: ({ rows }: ExperimentReport) =>
    written<Row>(
      {
        ...place,
        seeds: (r) => r.seeds.length,
        failures: (r) => r.failures.length,
        floatMean: (r) => r.float.mean,
        floatDeviation: (r) => r.float.deviation,
        floatDifference: (r) => r.floatDifference?.mean,
        floatHalfWidth95: (r) => r.floatDifference?.halfWidth,
        int8Mean: (r) => r.int8.mean,
        int8Deviation: (r) => r.int8.deviation,
        int8Difference: (r) => r.int8Difference?.mean,
        int8HalfWidth95: (r) => r.int8Difference?.halfWidth,
      },
      rows,
    ),
}

export const cellsCsv = {
  file: 'cells.csv',
  write: ({ cells }: ExperimentReport) =>
    written<CellResult>(
      {
        ...place,
        seed: (c) => c.seed,
        float: (c) => c.float,
        int8: (c) => c.int8,
        samples: (c) => c.samples,
        bestEpoch: (c) => c.bestEpoch,
        trainingMs: (c) => Math.round(c.trainingMs),
        failure: (c) => c.failure,
      },
      cells,
    ),
}
