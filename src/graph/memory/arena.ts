/** Where each activation tensor of a graph lies in one arena. */
import type { Graph } from '../ir/graph.ts'
import { type LifetimeOptions, lifetimes } from './lifetimes.ts'
import { type PlanOptions, planRanges } from './plan.ts'

export type Arena = {
  readonly bytes: number
  /** Address of each tensor; constants have none. */
  readonly offsets: ReadonlyMap<number, number>
  readonly lowerBound: number
}

/** Plans the activations of a graph, 16-byte aligned; tensors that share a storage share an address. */
export function planArena(graph: Graph, options: LifetimeOptions & PlanOptions = {}): Arena {
  const storages = lifetimes(graph, options)
  const { bytes, offsets, lowerBound } = planRanges(storages, options)
  return {
    bytes,
    lowerBound,
    offsets: new Map(storages.flatMap((storage, s) => storage.tensors.map((tensor): [number, number] => [tensor, offsets[s]!]))),
  }
}
