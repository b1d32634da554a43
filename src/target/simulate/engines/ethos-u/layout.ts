/** Where each tensor of a network lies: in which memory, and in rows or in bricks of sixteen channels. */
import type { Layer, Network } from '../define.ts'
import { dimsOf } from './lower.ts'
import type { Memories } from './memories.ts'
import type { Lowering } from './numbers.ts'
import type { Memory } from './operation.ts'

export type Layout = {
  linear(tensor: number): boolean
  memoryOf(tensor: number): Memory
  /** Whether an operation of the accelerator makes the tensor. */
  made(tensor: number): boolean
}

/**
 * Rows at the borders of the network and of the CPU, and where a reader sees other extents than the writer; bricks elsewhere.
 * With a dedicated SRAM, maps are staged there while they fit; the network's inputs and outputs stay outside.
 */
export function placementsOf(network: Network, memories: Memories, howOf: (layer: Layer) => Lowering | undefined): Layout {
  const root = new Map<number, number>()
  const rootOf = (tensor: number): number => root.get(tensor) ?? tensor
  const linear = new Set<number>([...network.inputs, ...network.outputs])
  const border = new Set<number>([...network.inputs, ...network.outputs])
  const made = new Set<number>()
  const steps = new Map<number, [number, number]>()
  for (const layer of network.layers) {
    const [x] = layer.inputs
    if (layer.family === 'free' && x) {
      for (const y of layer.outputs) {
        root.set(y.tensor, rootOf(x.tensor))
        if (dimsOf(x.shape).join() !== dimsOf(y.shape).join()) linear.add(rootOf(x.tensor))
        if (linear.has(y.tensor)) linear.add(rootOf(x.tensor))
        if (border.has(y.tensor)) border.add(rootOf(x.tensor))
      }
    }
    if (layer.place === 'accelerator') for (const y of layer.outputs) made.add(y.tensor)
    for (const t of [...layer.inputs, ...layer.outputs]) {
      const at = rootOf(t.tensor)
      // A softmax reads its rows as columns.
      if (layer.place === 'cpu' || howOf(layer) === 'softmax-chain') linear.add(at)
      const [first] = steps.get(at) ?? [layer.node]
      steps.set(at, [first, layer.node])
    }
  }
  const fits = (tensor: number): boolean => {
    const [first, last] = steps.get(tensor) ?? [0, 0]
    return network.usage.slice(first, last + 1).every((bytes) => bytes <= memories.stagingBytes)
  }
  const staged = memories.arena.name !== memories.staging.name
  return {
    made: (tensor) => made.has(rootOf(tensor)),
    linear: (tensor) => linear.has(rootOf(tensor)),
    memoryOf: (tensor) => (staged && !border.has(rootOf(tensor)) && fits(rootOf(tensor)) ? memories.staging : memories.arena),
  }
}
