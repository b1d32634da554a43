/** One inference's time, by each that says one: our estimate, the vendor's compiler, each runner. */
import type { Report } from './define.ts'
import { compiledOf } from './metrics.ts'

export type Saying = {
  readonly who: string
  /** `host`: a time of this computer, which says nothing of the target. */
  readonly how: 'estimated' | 'measured' | 'host'
  readonly latencyMs: number
  readonly cycles?: number
}

export function sayings(report: Omit<Report, 'verdict'>): Saying[] {
  const { estimate, runs } = report
  const compiled = compiledOf(report)
  return [
    { who: `peapod, ${estimate.model}`, how: 'estimated', latencyMs: estimate.latencyMs, cycles: estimate.totalCycles },
    ...(compiled?.latencyMs === undefined
      ? []
      : [
          {
            who: `${compiled.compiler} ${compiled.version}`,
            how: 'estimated' as const,
            latencyMs: compiled.latencyMs,
            ...(compiled.totalCycles !== undefined && { cycles: compiled.totalCycles }),
          },
        ]),
    ...runs.flatMap(({ runner, measurement }): Saying[] =>
      measurement ? [{ who: runner, how: measurement.description.timing, latencyMs: measurement.latency.medianMs }] : [],
    ),
  ]
}
