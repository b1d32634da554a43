/** When each activation tensor of a graph lives, and which tensors share one storage. */

import { bytesPerElement, type Graph, size, type Tensor } from '../ir/graph.ts'
import type { Family } from '../ops/define.ts'
import { opOf } from '../ops/registry.ts'
import type { Range } from './place.ts'

export type Lifetime = Range & { readonly tensors: readonly number[] }

export type LifetimeOptions = {
  /**
   * Families whose output takes the storage of an input of the same size: `free` ones always, for their elements are
   * the same; others when nothing reads that input later.
   */
  readonly inPlace?: readonly Family[]
  /** Bytes that a tensor takes where it is not its plain size, by its index. */
  readonly bytesOf?: (tensor: number) => number
}

const plainBytes = (tensor: Tensor): number => size(tensor.shape) * bytesPerElement(tensor.dtype)

/** Lifetimes in the order of the first tensor of each storage. Step n is node n; inputs live from step 0, outputs to the last. */
export function lifetimes(
  graph: Graph,
  { inPlace = ['free'], bytesOf = (i) => plainBytes(graph.tensors[i]!) }: LifetimeOptions = {},
): Lifetime[] {
  const last = Math.max(0, graph.nodes.length - 1)
  const lastUse = new Map<number, number>(graph.inputs.map((i) => [i, 0]))
  graph.nodes.forEach((node, step) => {
    for (const i of [...node.inputs, ...node.outputs]) if (i >= 0 && !graph.tensors[i]!.data) lastUse.set(i, step)
  })
  for (const i of graph.outputs) if (!graph.tensors[i]!.data) lastUse.set(i, last)

  const storageOf = new Map<number, { start: number; end: number; bytes: number; tensors: number[] }>()
  const begin = (i: number, step: number) => storageOf.set(i, { start: step, end: lastUse.get(i)!, bytes: bytesOf(i), tensors: [i] })
  for (const i of graph.inputs) begin(i, 0)
  graph.nodes.forEach((node, step) => {
    const { family } = opOf(node)
    for (const output of node.outputs) {
      const may = (i: number) => {
        const storage = storageOf.get(i)
        return storage && storage.bytes === bytesOf(output) && (family === 'free' || storage.end === step)
      }
      const input = inPlace.includes(family) && node.outputs.length === 1 ? node.inputs.find(may) : undefined
      if (input === undefined) begin(output, step)
      else {
        const storage = storageOf.get(input)!
        storage.end = Math.max(storage.end, lastUse.get(output)!)
        storage.tensors.push(output)
        storageOf.set(output, storage)
      }
    }
  })
  return [...new Set(storageOf.values())]
}
