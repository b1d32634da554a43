/** A compiler's layers beside ours, matched by the tensor that they write. */
import type { Compiled, Estimate } from '../target/define.ts'

export type Beside = {
  /** Their cycles for each of our layers, in our order; undefined where no name matches. */
  readonly theirs: readonly (number | undefined)[]
  /** Their cycles that belong to no layer of ours. */
  readonly rest: number
}

/**
 * An operator that the compiler cut into several (a softmax, a mean) ends in the row that has its name: the nameless rows of the same
 * operator straight before it are part of it.
 */
export function beside({ layers }: Pick<Estimate, 'layers'>, compiled: Pick<Compiled, 'layers'>): Beside {
  const cycles = new Map<string, number>()
  const ours = new Set(layers.map(({ name }) => name))
  let [rest, waiting, op] = [0, 0, '']
  for (const row of compiled.layers) {
    if (row.op !== op) {
      rest += waiting
      waiting = 0
    }
    op = row.op
    if (ours.has(row.name)) {
      cycles.set(row.name, (cycles.get(row.name) ?? 0) + waiting + row.cycles)
      waiting = 0
    } else waiting += row.cycles
  }
  return { theirs: layers.map(({ name }) => cycles.get(name)), rest: rest + waiting }
}
