/** How each tensor of a network lies: in rows or in bricks of sixteen channels, on its own or in another. */
import type { Layer, LayerTensor, Network } from '../define.ts'
import { clampsApart, dimsOf } from './maps.ts'
import type { Lowering, Model } from './numbers.ts'

export type Layout = {
  linear(tensor: number): boolean
  /** The tensor in whose place this one lies. */
  rootOf(tensor: number): number
  /** The joined tensor in which an operation of the accelerator writes this one to its place. */
  placed(tensor: number): LayerTensor | undefined
}

/**
 * Rows at the borders of the network and of the CPU, and where a reader sees other extents than the writer; bricks elsewhere.
 * `strided`: a transposed convolution writes every other pixel,
 * which it does in rows where its result is part of a whole.
 */
export function placementsOf(network: Network, howOf: (layer: Layer) => Lowering | undefined, strided: boolean, model: Model): Layout {
  const root = new Map<number, number>()
  const rootOf = (tensor: number): number => {
    let at = tensor
    for (let up = root.get(at); up !== undefined; up = root.get(at)) at = up
    return at
  }
  const readers = new Map<number, number>()
  for (const { inputs } of network.layers) for (const { tensor } of inputs) readers.set(tensor, (readers.get(tensor) ?? 0) + 1)
  const linear = new Set<number>([...network.inputs, ...network.outputs])
  const made = new Set<number>()
  const stepped = new Set<number>()
  const placed = new Map<number, LayerTensor>()
  for (const layer of network.layers) {
    const [x] = layer.inputs
    if (layer.family === 'free' && x) {
      for (const y of layer.outputs) {
        root.set(y.tensor, rootOf(x.tensor))
        if (dimsOf(x.shape).join() !== dimsOf(y.shape).join()) linear.add(rootOf(x.tensor))
        if (linear.has(y.tensor)) linear.add(rootOf(x.tensor))
      }
    }
    if (layer.place === 'accelerator' && howOf(layer) === 'join') join(layer)
    if (layer.place === 'accelerator') for (const y of layer.outputs) made.add(y.tensor)
    if (strided && howOf(layer) === 'transposed-convolution') for (const y of layer.outputs) stepped.add(y.tensor)
    for (const t of [...layer.inputs, ...layer.outputs]) {
      const at = rootOf(t.tensor)
      // A softmax reads its rows as columns.
      if (layer.place === 'cpu' || howOf(layer) === 'softmax-chain') linear.add(at)
      if (clampsApart(layer, model) && layer.outputs.includes(t)) linear.add(at)
    }
  }
  /** What only the join reads is written to its place in the whole. Parts that do not begin at a brick lie in rows. */
  function join({ inputs, outputs: [y], facts }: Layer): void {
    if (!y) return
    const axis = typeof facts.axis === 'number' && facts.axis >= 0 ? facts.axis : y.shape.length - 1
    let from = 0
    for (const { tensor, shape } of inputs) {
      if (axis === y.shape.length - 1 && from % 16 !== 0) linear.add(rootOf(y.tensor))
      from += shape[axis] ?? 1
      if (!made.has(rootOf(tensor)) || readers.get(tensor) !== 1) continue
      if (linear.has(rootOf(tensor)) || stepped.has(tensor)) linear.add(rootOf(y.tensor))
      placed.set(tensor, y)
      if (rootOf(tensor) !== rootOf(y.tensor)) root.set(rootOf(tensor), rootOf(y.tensor))
    }
  }
  return {
    placed: (tensor) => placed.get(tensor),
    linear: (tensor) => linear.has(rootOf(tensor)),
    rootOf,
  }
}
