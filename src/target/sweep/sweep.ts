/** A network at several sizes of image on one target: where placement, memory or time falls off. */
import { UserError } from '../../errors.ts'
import type { Graph } from '../../graph/ir/graph.ts'
import { resizeInput } from '../../graph/passes/resize-input.ts'
import { check } from '../check/check.ts'
import type { Target } from '../profiles/schema.ts'
import type { SimulateOptions } from '../simulate/engines/define.ts'
import { simulate } from '../simulate/simulate.ts'

export type SweepRow = {
  readonly height: number
  readonly width: number
  readonly accelerator: number
  readonly cpu: number
  /** Parts that the accelerator runs. */
  readonly segments: number
  readonly crossingBytes: number
  readonly arenaBytes: number
  readonly macs: number
  readonly latencyMs: number
  /** Names of layers without a price: the latency is too small. */
  readonly unpriced: readonly string[]
  /** Codes of findings, each once. */
  readonly findings: readonly string[]
  /** What is worse than at the size before, in words; empty where nothing is. */
  readonly falls: readonly string[]
}

/** A size that the network cannot take, and why. */
export type SweepGap = { readonly height: number; readonly width: number; readonly cannot: string }

export type Sweep = { readonly target: string; readonly model: string; readonly rows: readonly (SweepRow | SweepGap)[] }

/** `heights` in pixels, smallest first; the width keeps its proportion. Throws UserError `cannot-resize` where no size can be had. */
export function sweep(graph: Graph, target: Target, heights: readonly number[], options: SimulateOptions = {}): Sweep {
  const [, height = 1, width = 1] = graph.tensors[graph.inputs[0]!]!.shape
  let model = ''
  let before: SweepRow | undefined
  let last: UserError | undefined
  const rows = heights.map((h): SweepRow | SweepGap => {
    const w = Math.max(1, Math.round((h * width) / height))
    try {
      const resized = resizeInput(graph, h, w)
      const { findings, placement } = check(resized, target)
      const estimate = simulate(resized, target, options)
      model = estimate.model
      const row = {
        ...{ height: h, width: w, accelerator: placement.accelerator, cpu: placement.cpu },
        segments: placement.segments!.filter(({ place }) => place === 'accelerator').length,
        crossingBytes: placement.crossings!.reduce((sum, { bytes }) => sum + bytes, 0),
        ...{ arenaBytes: estimate.arenaBytes, macs: estimate.macs, latencyMs: estimate.latencyMs, unpriced: estimate.unpriced ?? [] },
        findings: [...new Set(findings.map(({ code }) => code))],
        falls: [],
      }
      before = { ...row, falls: before ? fallsOf(before, row) : [] }
      return before
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'cannot-resize') throw error
      last = error
      return { height: h, width: w, cannot: error.message }
    }
  })
  if (!before && last) throw last
  return { target: target.name, model, rows }
}

/** Latency may grow with the products; this much more is a cliff. */
const STEEP = 1.5

function fallsOf(before: SweepRow, row: SweepRow): string[] {
  const fresh = row.findings.filter((code) => !before.findings.includes(code))
  const growth = row.latencyMs / before.latencyMs
  const work = row.macs / before.macs
  return [
    ...(row.accelerator < before.accelerator ? [`operators on the accelerator ${before.accelerator} to ${row.accelerator}`] : []),
    ...(row.segments > before.segments ? [`parts ${before.segments} to ${row.segments}`] : []),
    ...fresh.map((code) => `finding ${code}`),
    ...(growth > STEEP * work ? [`latency x ${growth.toFixed(1)} for x ${work.toFixed(1)} of the products`] : []),
  ]
}
