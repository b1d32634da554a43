/** Refuses a network whose constants hold a NaN or an infinity, by their names, before anything is computed with them. */
import { UserError } from '../errors.ts'
import type { Graph } from '../graph/ir/graph.ts'

/** Throws UserError `not-finite-weights`. */
export function requireFinite({ tensors }: Graph): void {
  const bad = tensors.filter(({ data }) => data instanceof Float32Array && !data.every((v) => Math.abs(v) < Number.POSITIVE_INFINITY))
  if (!bad.length) return
  const named = bad.slice(0, 4).map(({ name, data }) => {
    const count = (data as Float32Array).reduce((sum, v) => sum + Number(!(Math.abs(v) < Number.POSITIVE_INFINITY)), 0)
    return `${name} (${count} of ${data!.length})`
  })
  throw new UserError('not-finite-weights', `${bad.length} of the network's constants hold a NaN or an infinity`, {
    found: named.join(', ') + (bad.length > 4 ? ', …' : ''),
    hint: 'training has diverged, or the file is damaged: lower the learning rate, or take an earlier checkpoint',
  })
}
