/** What drives the ensembles of a model: each by phases of its own where it has some, else by those of the run. */
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Phases } from './define.ts'
import type { Ensemble } from './ensemble.ts'
import { findEnsembles } from './find-ensembles.ts'
import { type Schedule, schedule, withPhases } from './schedule.ts'

export type RunLength = { readonly epochs: number; readonly stepsPerEpoch: number }

/** A schedule and the ensembles that follow it, by name. */
export type Curve = Schedule & { readonly ensembles: readonly string[] }

/** From the first iteration of any transition to the first of the last final phase; `alpha` is the least of all ensembles. */
export type Plan = Schedule & {
  /** Different schedules, each once; of a model without ensembles that of the run. */
  readonly curves: readonly Curve[]
  /** Sets alpha and step of every ensemble, and returns the least alpha. */
  set(iteration: number): number
}

/** Throws what `schedule` and `withPhases` throw. */
export function planFor(model: LayersModel, phases: Phases, run: RunLength): Plan {
  const ensembles = findEnsembles(model)
  const groups = new Map<string, Ensemble[]>()
  for (const ensemble of ensembles) {
    const own = JSON.stringify(withPhases(phases, ensemble.phases))
    groups.set(own, [...(groups.get(own) ?? []), ensemble])
  }
  if (!groups.size) groups.set(JSON.stringify(phases), [])
  const curves = [...groups].map(([own, members]) => ({ ...schedule(JSON.parse(own) as Phases, run), members }))
  const least = (iteration: number): number => Math.min(...curves.map(({ alpha }) => alpha(iteration)))
  return {
    from: Math.min(...curves.map(({ from }) => from)),
    to: Math.max(...curves.map(({ to }) => to)),
    alpha: least,
    curves: curves.map(({ members, ...rest }) => ({ ...rest, ensembles: members.map(({ name }) => name) })),
    set(iteration) {
      for (const { alpha, members } of curves)
        for (const ensemble of members) Object.assign(ensemble, { alpha: alpha(iteration), step: iteration })
      return least(iteration)
    },
  }
}
