/** What the evidence of a run is made from, and what it says. Facts of the run; the judgement is the assessor's. */
import type { Report, Reproduction } from '../report/define.ts'
import type { Manifest } from '../runs/manifest.ts'

export type RunFacts = {
  readonly report: Report
  readonly manifest: Manifest
  /** The project's own ids of requirements, by metric. */
  readonly requirements: Readonly<Record<string, string>>
  readonly reproduction?: Reproduction
}

/** One limit: from requirement to gate to test case to result. */
export type MatrixRow = {
  readonly requirement: string
  readonly gate: string
  readonly says: string
  readonly limit: string
  /** The test case in `junit.xml`. */
  readonly junit: { readonly classname: string; readonly name: string }
  readonly result: string
  readonly value: string
  readonly margin: string
  readonly source: string
  /** A JSON pointer into `report.json`. */
  readonly evidence: string
}

/** Something that guards against malfunctions, and what it found in this run. */
export type Measure = { readonly id: string; readonly says: string; readonly acted: boolean; readonly result: string }

export type Malfunction = {
  readonly id: string
  readonly says: string
  readonly effect: 'introduces an error' | 'fails to detect an error'
  readonly measures: readonly string[]
}

export type UseCase = {
  readonly id: string
  readonly says: string
  readonly input: string
  readonly output: string
  readonly malfunctions: readonly Malfunction[]
}
