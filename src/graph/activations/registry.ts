/** Every activation by its name. */
import type { Activation } from './define.ts'
import * as all from './index.ts'

export const activations: ReadonlyMap<string, Activation> = new Map(Object.values(all).map((a) => [a.name, a]))

export function activationOf(name: string): Activation {
  const found = activations.get(name)
  if (!found) throw new Error(`broken promise: no activation ${name}`)
  return found
}
