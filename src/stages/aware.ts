/** How a project trains its network for int8, where it does. */
import { sample } from '../data/sample.ts'
import { UserError } from '../errors.ts'
import type { Aware } from '../training/aware/phase.ts'
import { schemeOf } from './convert.ts'
import type { State } from './define.ts'
import { floatInputs } from './inputs.ts'

/** What the trained bytes depend on; undefined where the network is trained as float alone. Throws UserErrors `aware-smooth` and `aware-mixed`. */
export function awareSettings({ project: { quantise, pea }, target }: Pick<State, 'project' | 'target'>) {
  if (!quantise.aware) return undefined
  if (pea.ensemble === 'smooth')
    throw new UserError('aware-smooth', 'A network that stays smooth has no final phase in which to train for int8.', {
      found: 'quantise.aware with pea.ensemble smooth',
      hint: 'Set pea.ensemble to weighted, stochastic or none.',
    })
  if (quantise.mixed)
    throw new UserError('aware-mixed', 'A network is trained for int8 in all of its layers.', {
      found: 'quantise.aware with quantise.mixed',
      hint: 'Leave one of them out.',
    })
  return { scheme: schemeOf(target), method: quantise.method, images: quantise.calibration }
}

export function awareOf(state: Pick<State, 'project' | 'target' | 'data'>): Aware | undefined {
  const settings = awareSettings(state)
  if (!settings) return undefined
  const { preprocess, set } = state.data
  const indices = sample(set.splits.train, settings.images, state.project.seed)
  return { ...settings, calibration: () => floatInputs(set.splits.train, preprocess, indices) }
}
