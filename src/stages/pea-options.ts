/** The ensembles that a project asks for, in the words of training. */
import type { Project } from '../config/schema.ts'
import { UserError } from '../errors.ts'
import type { LayerChoice, PeaOptions } from '../training/pea/choose.ts'

type Layer = NonNullable<Project['pea']['layers']>[number]

/** Throws UserError `beta-without-ensemble`. Undefined where no layer fades. The phases of the whole are the recipe's to know; those of single layers go with their ensembles. */
export function peaOptions({ ensemble, activation, beta, trainableBeta, layers = [] }: Project['pea']): PeaOptions | undefined {
  if (ensemble !== 'none' && ensemble !== 'smooth')
    return { mix: ensemble, activation, ...present({ beta, trainableBeta }), layers: layers.map(layerChoice) }
  if (beta === undefined && !trainableBeta) return undefined
  throw new UserError('beta-without-ensemble', 'pea.beta and pea.trainableBeta are of ensembles; there is none here', {
    found: `pea.ensemble ${ensemble}`,
    expected: 'weighted or stochastic',
  })
}

function layerChoice({ match, ensemble, activation, beta, trainableBeta, from, to, unit, shape, jumps }: Layer): LayerChoice {
  const phases = present({ from, to, unit, shape, jumps })
  return { match, ...present({ mix: ensemble, activation, beta, trainableBeta }), ...(Object.keys(phases).length > 0 && { phases }) }
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

const present = <T extends object>(object: T): Present<T> =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Present<T>
