/** The backend that trains a model: the one named, or the fastest that knows every layer. */
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { UserError } from '../../errors.ts'
import type { Backend } from './define.ts'
import * as all from './index.ts'

/** The fastest first; tensorflow refuses every model where it is not installed. */
export const backends: readonly Backend[] = [all.wasm, all.tensorflow, all.eager]

export type Choice = {
  readonly backend: Backend
  /** Why faster ones were passed over. */
  readonly refusals: readonly string[]
}

/** `name` is a backend's, or `auto`. Throws UserErrors `unknown-backend` and `no-backend`. */
export function findBackend(name: string, model: LayersModel): Choice {
  const named = backends.filter((backend) => name === 'auto' || backend.name === name)
  if (!named.length)
    throw new UserError('unknown-backend', `there is no training backend ${name}`, {
      found: name,
      expected: ['auto', ...backends.map((backend) => backend.name)].join(', '),
    })
  const refusals: string[] = []
  for (const backend of named) {
    const refusal = backend.refuses(model)
    if (refusal === undefined) return { backend, refusals }
    refusals.push(`the ${backend.name} backend does not train this network: ${refusal}`)
  }
  throw new UserError('no-backend', 'no training backend takes this network', { found: refusals.join('\n') })
}
