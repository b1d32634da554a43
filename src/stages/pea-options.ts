/** The ensembles that a project asks for, in the words of training. */
import type { Project } from '../config/schema.ts'
import type { LayerChoice, PeaOptions } from '../training/pea/choose.ts'

type Layer = NonNullable<Project['pea']['layers']>[number]

/** Undefined where no layer fades. The phases of the whole are the recipe's to know; those of single layers go with their ensembles. */
export function peaOptions({ ensemble, activation, beta, layers = [] }: Project['pea']): PeaOptions | undefined {
  if (ensemble === 'none' || ensemble === 'smooth') return undefined
  return { mix: ensemble, activation, ...(beta !== undefined && { beta }), layers: layers.map(layerChoice) }
}

function layerChoice({ match, ensemble, activation, beta, from, to, unit, shape, jumps }: Layer): LayerChoice {
  const phases = present({ from, to, unit, shape, jumps })
  return { match, ...present({ mix: ensemble, activation, beta }), ...(Object.keys(phases).length > 0 && { phases }) }
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

const present = <T extends object>(object: T): Present<T> =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Present<T>
