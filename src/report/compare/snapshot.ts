/** What two runs are compared by: the figures of a report with their noise, and what makes them comparable. */
import type { Report, Source } from '../define.ts'
import { type Metric, metrics, sourceOf } from '../metrics.ts'
import { ranges } from './ranges.ts'

export type Figure = {
  readonly value: number
  readonly source: Source
  /** Where the value may as well lie, with 95 % confidence; absent where it is the same each time. */
  readonly range?: readonly [number, number]
}

export type Snapshot = {
  readonly peapod: string
  readonly network: string
  readonly target: string
  readonly data: { readonly name: string; readonly test: string; readonly samples: number }
  readonly model: string
  /** The model of the estimate: figures of different models do not compare. */
  readonly estimate: string
  readonly compiler?: string
  readonly figures: Readonly<Record<string, Figure>>
  readonly layers: readonly SnapshotLayer[]
}

export type SnapshotLayer = {
  readonly name: string
  readonly op: string
  readonly macs: number
  readonly cycles: number
  readonly sqnrDb?: number
}

export function snapshotOf(report: Omit<Report, 'verdict'>): Snapshot {
  const noise = ranges(report)
  const { compiled, estimate } = report
  const sqnr = new Map(report.layerErrors?.map((l) => [l.name, l.sqnrDb]))
  return {
    peapod: report.peapod,
    network: report.network,
    target: report.target,
    data: { name: report.data.name, test: report.data.digests.test ?? '', samples: report.int8.samples },
    model: report.model.sha256,
    estimate: estimate.model,
    ...(compiled && 'compiler' in compiled && { compiler: `${compiled.compiler} ${compiled.version}` }),
    figures: Object.fromEntries(
      Object.entries(metrics).flatMap(([name, metric]: [string, Metric]) => {
        const value = metric.of(report)
        if (value === undefined || !Number.isFinite(value)) return []
        const range = noise[name]
        return [[name, { value, source: sourceOf(metric, report), ...(range && { range }) }]]
      }),
    ),
    layers: estimate.layers.map(({ name, op, macs, cycles }) => {
      const sqnrDb = sqnr.get(name)
      return { name, op, macs, cycles, ...(typeof sqnrDb === 'number' && { sqnrDb }) }
    }),
  }
}
