/** Range methods by name. */
import { UserError } from '../errors.ts'
import type { Method } from './methods/define.ts'
import * as all from './methods/index.ts'

export const methods: ReadonlyMap<string, Method> = new Map(Object.values(all).map((m) => [m.name, m]))

/** The name under which `tune` chooses a method for each tensor by its score. */
export const auto = 'auto'

/** Throws UserError `unknown-method` for a name that is neither a method nor `auto`. */
export const requireMethod = (name: string): void => void (name === auto || methodOf(name))

/** The method of a name; throws UserError `unknown-method`. */
export function methodOf(name: string): Method {
  const method = methods.get(name)
  if (!method)
    throw new UserError('unknown-method', `no range method is called ${name}`, {
      found: name,
      expected: [auto, ...methods.keys()].join(', '),
    })
  return method
}
