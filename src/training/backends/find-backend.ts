/** A training backend by its name. */
import { UserError } from '../../errors.ts'
import type { Backend } from './define.ts'
import * as all from './index.ts'

export const backends: ReadonlyMap<string, Backend> = new Map(Object.values(all).map((backend) => [backend.name, backend]))

/** Throws UserError `unknown-backend`. */
export function findBackend(name: string): Backend {
  const backend = backends.get(name)
  if (backend) return backend
  throw new UserError('unknown-backend', `there is no training backend ${name}`, { found: name, expected: [...backends.keys()].join(', ') })
}
