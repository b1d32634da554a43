/** The layer table: one row for each layer of the estimate, with all that is known of it. */
import type { LayerEstimate } from '../target/define.ts'
import { beside } from './beside.ts'
import type { Report } from './define.ts'
import { compiledOf } from './metrics.ts'

export type LayerRow = LayerEstimate & {
  readonly share: number
  readonly place: 'accelerator' | 'cpu' | 'folded' | undefined
  readonly movedBytes: number | undefined
  readonly sqnrDb: number | null | undefined
  /** Cycles by the vendor's compiler. */
  readonly compiledCycles: number | undefined
}

/** Placement and memory stand in the order of the file's nodes, as the estimate's layers do; where the numbers differ they are left out. */
export function layerRows(report: Omit<Report, 'verdict'>): LayerRow[] {
  const { layers, totalCycles } = report.estimate
  const { nodes } = report.check.placement
  const moved = report.memory?.movedBytes
  const compiled = compiledOf(report)
  const theirs = compiled?.layers.length ? beside(report.estimate, compiled).theirs : []
  const noise = new Map(report.layerErrors?.map((l) => [l.name, l.sqnrDb]))
  return layers.map((layer, i) => ({
    ...layer,
    share: layer.cycles / (totalCycles || 1),
    place: nodes.length === layers.length ? nodes[i] : undefined,
    movedBytes: moved?.length === layers.length ? moved[i] : undefined,
    sqnrDb: noise.get(layer.name),
    compiledCycles: theirs[i],
  }))
}
