/** Range methods by name. */
import { UserError } from '../errors.ts'
import type { Method } from './methods/define.ts'
import * as all from './methods/index.ts'

export const methods: ReadonlyMap<string, Method> = new Map(Object.values(all).map((m) => [m.name, m]))

/** The method of a name; throws UserError `unknown-method`. */
export function methodOf(name: string): Method {
  const method = methods.get(name)
  if (!method)
    throw new UserError('unknown-method', `no range method is called ${name}`, { found: name, expected: [...methods.keys()].join(', ') })
  return method
}
