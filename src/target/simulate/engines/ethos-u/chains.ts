/** Which layers run in one go: a table or clamp right behind what makes its input; on a U85 elementwise layers too, through the chaining buffer (npu-facts 4.6). */
import type { Layer, Network } from '../define.ts'
import type { Lowering } from './numbers.ts'

/** Layers in the order in which they run, by the node of the first. */
export type Chains = ReadonlyMap<number, readonly Layer[]>

/** How many operations the output stage takes one after the other, and how many maps they may read from memory; tables do not count. */
export type ChainLimits = { readonly longestChain: number; readonly chainInputs: number }

const elementwise: readonly (Lowering | undefined)[] = ['sum', 'multiply', 'compare']
const heads: readonly (Lowering | undefined)[] = [
  ...elementwise,
  ...(['convolution', 'depthwise', 'vector-product', 'average-pool', 'max-pool', 'plane-mean', 'copy', 'clamp', 'table'] as const),
]
const activations: readonly (Lowering | undefined)[] = ['clamp', 'table']

export function chainsOf(network: Network, howOf: (layer: Layer) => Lowering | undefined, limits: ChainLimits): Chains {
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
    if (!head || !last || layer.place !== 'accelerator' || head.place !== 'accelerator' || !heads.includes(howOf(head))) return false
    const passed = last.outputs[0]
    const taken = passed && layer.inputs.some(({ tensor }) => tensor === passed.tensor)
    if (!taken || last.outputs.length !== 1 || readers.get(passed.tensor) !== 1 || kept.has(passed.tensor)) return false
    if (layer.outputs[0]!.shape.join() !== passed.shape.join()) return false
    if (howOf(layer) === 'clamp' && layer.facts.scalesEqual !== true) return false
    if (activations.includes(howOf(layer))) return !activations.includes(howOf(last)) && (last.facts.fusedActivation ?? 'none') === 'none'
    const operations = [...chain, layer].filter((one, i) => i === 0 || !activations.includes(howOf(one)))
    if (!elementwise.includes(howOf(layer)) || operations.length > limits.longestChain) return false
    return operations.reduce((sum, one) => sum + maps(one), 0) - (operations.length - 1) <= limits.chainInputs
  }
}

/** Inputs from memory; constants of one element are part of the command. */
const maps = ({ inputs }: Layer): number =>
  inputs.filter(({ constant, shape }) => !(constant && shape.every((extent) => extent === 1))).length
