/** Where each activation tensor of a graph lies in one arena. */
import type { Graph } from '../ir/graph.ts'
import { type LifetimeOptions, lifetimes } from './lifetimes.ts'
import type { Range } from './place.ts'
import { type PlanOptions, planRanges } from './plan.ts'

export type Arena = {
  readonly bytes: number
  /** Address of each tensor; constants have none. */
  readonly offsets: ReadonlyMap<number, number>
  readonly lowerBound: number
}

export type ArenaOptions = LifetimeOptions &
  PlanOptions & {
    /** What else must lie in the arena, in half steps: node n runs from 2n to 2n + 1. */
    readonly beside?: readonly Range[]
  }

/** Plans the activations of a graph, 16-byte aligned; tensors that share a storage share an address. */
export function planArena(graph: Graph, options: ArenaOptions = {}): Arena {
  const storages = lifetimes(graph, options)
  const halved = storages.map(({ start, end, bytes }) => ({ start: 2 * start, end: 2 * end + 1, bytes }))
  const { bytes, offsets, lowerBound } = planRanges([...halved, ...(options.beside ?? [])], options)
  return {
    bytes,
    lowerBound,
    offsets: new Map(storages.flatMap((storage, s) => storage.tensors.map((tensor): [number, number] => [tensor, offsets[s]!]))),
  }
}
