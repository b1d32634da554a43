/** Holds runs against the first of them: what moved, by more than noise or not, and where in the network. */
import { type MetricName, metricNames, metrics } from '../metrics.ts'
import { type LayerChange, layerChanges } from './layer-changes.ts'
import type { Figure, Snapshot } from './snapshot.ts'

/** `noise`: the difference is within the 95 % intervals. `host`: a time of this host, which is no figure of the target. */
export type Outcome = 'better' | 'worse' | 'noise' | 'same' | 'host' | 'missing'

export type Change = {
  readonly metric: MetricName
  readonly before: number | null
  readonly after: number | null
  readonly change: number | null
  /** Of the difference: half of its 95 % interval; 0 where both figures are the same in each run. */
  readonly noise: number
  readonly outcome: Outcome
}

export type Comparison = {
  readonly before: Snapshot
  readonly after: Snapshot
  /** Why the two do not compare; empty where they do. */
  readonly obstacles: readonly Obstacle[]
  readonly changes: readonly Change[]
  readonly sameGraph: boolean
  readonly layers: readonly LayerChange[]
  readonly outcome: 'better' | 'worse' | 'mixed' | 'same'
}

export type Obstacle = { readonly what: string; readonly before: string; readonly after: string }

export function compare(before: Snapshot, after: Snapshot): Comparison {
  const changes = metricNames.flatMap((metric) => changeOf(metric, before.figures[metric], after.figures[metric]) ?? [])
  const has = (outcome: Outcome) => changes.some((c) => c.outcome === outcome)
  const sameGraph =
    before.layers.length === after.layers.length &&
    before.layers.every(({ name, op }, i) => name === after.layers[i]!.name && op === after.layers[i]!.op)
  const both = has('better') && has('worse')
  return {
    before,
    after,
    obstacles: obstaclesOf(before, after),
    changes,
    sameGraph,
    layers: layerChanges(before.layers, after.layers),
    outcome: both ? 'mixed' : has('worse') ? 'worse' : has('better') ? 'better' : 'same',
  }
}

/** Other data, another target or another model of estimate: the figures would say nothing of the network. */
export function obstaclesOf(before: Snapshot, after: Snapshot): Obstacle[] {
  const seen = (what: string, of: (s: Snapshot) => string) =>
    of(before) === of(after) ? [] : [{ what, before: of(before), after: of(after) }]
  return [
    ...seen('target', (s) => s.target),
    ...seen('test set', (s) => `${s.data.name}, ${s.data.samples} images, ${s.data.test.slice(0, 16)}`),
    ...seen('model of the estimate', (s) => s.estimate),
    ...(before.compiler && after.compiler ? seen('compiler', (s) => s.compiler!) : []),
  ]
}

function changeOf(metric: MetricName, before: Figure | undefined, after: Figure | undefined): Change | undefined {
  if (!before && !after) return undefined
  const shown = { metric, before: before?.value ?? null, after: after?.value ?? null }
  if (!before || !after) return { ...shown, change: null, noise: 0, outcome: 'missing' }
  const change = after.value - before.value
  const noise = Math.hypot(halfOf(before), halfOf(after))
  const gain = metrics[metric].better === 'higher' ? change > 0 : change < 0
  const host = metrics[metric].unit === 'ms' && (before.source === 'computed' || after.source === 'computed')
  const outcome = change === 0 ? 'same' : host ? 'host' : Math.abs(change) <= noise ? 'noise' : gain ? 'better' : 'worse'
  return { ...shown, change, noise, outcome }
}

const halfOf = ({ range }: Figure): number => (range ? (range[1] - range[0]) / 2 : 0)
