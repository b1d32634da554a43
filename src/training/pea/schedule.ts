/** Alpha over the iterations: 0 in the initial phase, t / T in the transition, 1 in the final phase (Utasi 2022, Eq. 2). */
import { UserError } from '../../errors.ts'
import type { Phases } from './define.ts'

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
  return {
    from,
    to,
    alpha: (iteration) => (iteration >= to ? 1 : iteration < from ? 0 : (iteration - from + 1) / (to - from)),
  }
}
