/** Which layers a U85 runs in one go: elementwise ones right behind the layer that makes their input, through the chaining buffer (npu-facts 4.6). */
import type { Layer, Network } from '../../define.ts'
import type { Lowering } from '../numbers.ts'
import type { Accelerator85 } from './numbers.ts'

/** Layers in the order in which they run, by the node of the first. */
export type Chains = ReadonlyMap<number, readonly Layer[]>

const elementwise: readonly (Lowering | undefined)[] = ['sum', 'multiply', 'compare']
const heads: readonly (Lowering | undefined)[] = [
  ...elementwise,
  ...(['convolution', 'depthwise', 'vector-product', 'average-pool', 'max-pool', 'copy', 'clamp', 'table'] as const),
]

export function chainsOf(network: Network, howOf: (layer: Layer) => Lowering | undefined, machine: Accelerator85): Chains {
  const readers = new Map<number, number>()
  for (const { inputs } of network.layers) for (const { tensor } of inputs) readers.set(tensor, (readers.get(tensor) ?? 0) + 1)
  const kept = new Set(network.outputs)
  const run = network.layers.filter((layer) => layer.place !== 'folded' && howOf(layer) !== 'nothing')
  const chains = new Map<number, Layer[]>()
  let chain: Layer[] = []
  for (const layer of run) {
    if (continues(chain, layer)) chain.push(layer)
    else chain = [layer]
    if (chain.length === 2) chains.set(chain[0]!.node, chain)
  }
  return chains

  function continues(chain: readonly Layer[], layer: Layer): boolean {
    const [head, last] = [chain[0], chain.at(-1)]
    if (!head || !last || layer.place !== 'accelerator' || head.place !== 'accelerator') return false
    if (!elementwise.includes(howOf(layer)) || !heads.includes(howOf(head)) || chain.length >= machine.longestChain) return false
    const passed = last.outputs[0]
    const taken = passed && layer.inputs.find(({ tensor }) => tensor === passed.tensor)
    if (!taken || last.outputs.length !== 1 || readers.get(passed.tensor) !== 1 || kept.has(passed.tensor)) return false
    if (layer.outputs[0]!.shape.join() !== passed.shape.join()) return false
    return [head, ...chain.slice(1), layer].reduce((sum, one) => sum + maps(one), 0) - chain.length <= machine.chainInputs
  }
}

/** Inputs from memory; constants of one element are part of the command. */
const maps = ({ inputs }: Layer): number =>
  inputs.filter(({ constant, shape }) => !(constant && shape.every((extent) => extent === 1))).length
