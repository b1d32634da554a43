/** Alpha over the iterations: 0 in the initial phase, rising in the transition, 1 in the final phase (Utasi 2022, Eq. 2). */
import { UserError } from '../../errors.ts'
import type { Phases, Shape } from './define.ts'

/** The default of `Phases.jumps`. */
const fewJumps = 4

/** Alpha at step t of T, 1 at t = T. Other shapes than the linear one are ours: the paper leaves them to future work (Sec. 5). */
const rises: Readonly<Record<Shape, (t: number, T: number, jumps: number) => number>> = {
  linear: (t, T) => t / T,
  cosine: (t, T) => (t === T ? 1 : (1 - Math.cos((Math.PI * t) / T)) / 2),
  jumps: (t, T, jumps) => Math.floor((jumps * t) / T) / jumps,
}

export type Schedule = {
  /** The first iteration of the transition, and of the final phase. */
  readonly from: number
  readonly to: number
  /** `iteration` counts from 0; in the transition t = iteration - from + 1 and T = to - from. */
  alpha(iteration: number): number
}

/** Refuses phases out of order or beyond the run, and a run without a final phase, whose network would not be ReLU. */
export function schedule(phases: Phases, run: { readonly epochs: number; readonly stepsPerEpoch: number }): Schedule {
  const iterations = run.epochs * run.stepsPerEpoch
  const unit = { share: iterations, epoch: run.stepsPerEpoch, iteration: 1 }[phases.unit ?? 'share']
  const from = Math.round(phases.from * unit)
  const to = Math.round(phases.to * unit)
  const found = `the transition from iteration ${from} to ${to} of ${iterations}`
  if (!(from >= 0 && to >= from))
    throw new UserError('phases-out-of-order', 'The phases of the ensemble schedule are out of order.', {
      found,
      expected: '0 <= from <= to',
      hint: 'Set pea.phases so that the transition begins before it ends.',
    })
  if (to > iterations)
    throw new UserError('phases-overrun', 'The phases of the ensemble schedule overrun the training.', {
      found,
      expected: `an end before iteration ${iterations}`,
      hint: 'Train more epochs, or end the transition earlier.',
    })
  if (to === iterations)
    throw new UserError('no-final-phase', 'The ensemble schedule has no final phase: the network would not be ReLU while it is chosen.', {
      found,
      expected: `an end before iteration ${iterations}`,
      hint: 'End the transition earlier; the paper ends it at 3/4 of the training.',
    })
  const { shape = 'linear', jumps = fewJumps } = phases
  if (!(Number.isInteger(jumps) && jumps >= 1))
    throw new UserError('bad-jumps', 'Alpha cannot rise in this number of jumps.', {
      found: `${jumps}`,
      expected: 'a whole number, at least 1',
    })
  const rise = (t: number): number => rises[shape](t, to - from, jumps)
  return { from, to, alpha: (iteration) => (iteration >= to ? 1 : iteration < from ? 0 : rise(iteration - from + 1)) }
}

/** Phases with some of them set anew. Throws UserError `phases-of-two-units` where one border alone would change its unit. */
export function withPhases(phases: Phases, set: { readonly [K in keyof Phases]?: Phases[K] | undefined } = {}): Phases {
  const given = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined)) as Partial<Phases>
  const unit = given.unit ?? phases.unit ?? 'share'
  if (unit !== (phases.unit ?? 'share') && (given.from === undefined) !== (given.to === undefined))
    throw new UserError('phases-of-two-units', 'One border of the transition is set in another unit than the other has.', {
      found: `${given.from === undefined ? 'to' : 'from'} in the unit ${unit}, the other in ${phases.unit ?? 'share'}`,
      expected: 'both from and to, in one unit',
    })
  return { ...phases, ...given }
}
