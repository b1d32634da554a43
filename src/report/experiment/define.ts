/** What an experiment has to say: a result for each training, and a row for each way to train. */

/** Where a training stands in the grid. */
export type CellFacts = {
  readonly network: string
  readonly base: string
  /** The plain network; an ensemble that fades into it; a smooth activation that never fades, which no ensemble should beat. */
  readonly kind: 'baseline' | 'ensemble' | 'limit'
  readonly ensemble: string | null
  readonly activation: string | null
  /** Where the transition ends, as a share of all iterations; null: where the recipe says. */
  readonly end: number | null
  readonly seed: number
}

export type CellResult = CellFacts & {
  /** Test accuracies, 0 to 1; int8 is null where the network has no int8 form, and `without` says why. */
  readonly float: number | null
  readonly int8: number | null
  readonly without?: string
  readonly samples: number
  readonly bestEpoch: number | null
  readonly trainingMs: number
  /** SHA-256 of the splits by name: results of different data are not compared. */
  readonly data: Readonly<Record<string, string>>
  /** Why there is no accuracy: a training that diverged is a result. */
  readonly failure?: string
}

/** Mean and sample standard deviation (n - 1) over seeds; null where there is nothing to take them of. */
export type Spread = { readonly n: number; readonly mean: number | null; readonly deviation: number | null }

/** A paired difference: its mean over the seeds that both have, and the half-width of its 95 % interval (Student t). */
export type Difference = { readonly n: number; readonly mean: number | null; readonly halfWidth: number | null }

export type Row = Omit<CellFacts, 'seed'> & {
  /** Seeds that gave an accuracy. */
  readonly seeds: readonly number[]
  readonly failures: readonly { readonly seed: number; readonly why: string }[]
  readonly float: Spread
  readonly int8: Spread
  readonly withoutInt8?: string
  /** To the baseline of the same network and end; null for the baseline itself and where there is none. */
  readonly floatDifference: Difference | null
  readonly int8Difference: Difference | null
}

export type ExperimentReport = {
  readonly schemaVersion: '1'
  readonly peapod: string
  readonly name: string
  readonly says?: string
  readonly samples: number
  readonly data: Readonly<Record<string, string>>
  /** Cells of the grid that are not done, and the seeds that are left out for it. */
  readonly missing?: { readonly cells: number; readonly of: number; readonly seeds: readonly number[] }
  readonly rows: readonly Row[]
  readonly cells: readonly CellResult[]
}
