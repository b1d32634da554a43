/** The estimate of a network on an Ethos-U, operation by operation, as the chosen model of Arm Vela makes it. */
import { UserError } from '../../../../errors.ts'
import { bytesPerElement, size } from '../../../../graph/ir/graph.ts'
import type { Range } from '../../../../graph/memory/place.ts'
import type { LayerEstimate } from '../../../define.ts'
import { besidesOf } from '../besides/estimate.ts'
import type { Engine, Layer, Network } from '../define.ts'
import { chainsOf } from './chains.ts'
import type { Generation } from './generation.ts'
import { generation55 } from './generation-55.ts'
import { placementsOf } from './layout.ts'
import { lower } from './lower.ts'
import { lowerChain } from './lower-chain.ts'
import { type Context, dimsOf, type Lowered } from './maps.ts'
import { memoriesOf } from './memories.ts'
import { notesOf } from './notes.ts'
import { type EthosU, type Lowering, type Model, models } from './numbers.ts'
import { roundUp } from './operation.ts'
import { type OperationPrice, priceOperation, type Running } from './price.ts'
import type { Slack, Staged } from './stage.ts'
import { generation85 } from './u85/generation.ts'

function modelOf(name: string, { generation }: EthosU): Model {
  const known = models.filter((model) => generation === 'u55' || model !== 'legacy')
  const model = known.find((one) => one === name)
  if (!model) throw new UserError('unknown-model', `there is no model ${JSON.stringify(name)}`, { found: name, expected: known.join(', ') })
  return model
}

const loweringOf = ({ operations }: EthosU, { op, family }: Layer): Lowering | undefined =>
  operations.ops[op] ?? operations.families[family]

const zero = { mac: 0, output: 0, issue: 0, npu: 0, sram: 0, external: 0, 'weight-dma': 0 }

function sumUp(layer: Layer, priced: readonly OperationPrice[]): LayerEstimate {
  const terms = { ...zero }
  for (const { terms: each } of priced) for (const key of Object.keys(zero) as (keyof typeof zero)[]) terms[key] += each[key]
  const slowest = priced.reduce<OperationPrice | undefined>((most, p) => (!most || p.cycles > most.cycles ? p : most), undefined)
  const cycles = priced.reduce((sum, p) => sum + p.cycles, 0)
  return { name: layer.name, op: layer.op, macs: layer.macs, cycles, boundBy: slowest?.boundBy ?? 'fixed', terms }
}

/** Cycles of every layer on the accelerator. CPU layers are named: their time stands in `besides`, where the target has a price for it. */
export const estimateEthosU: Engine<EthosU> = (network: Network, numbers, options) => {
  const { defaults } = numbers
  const model = modelOf(options.model ?? defaults.model, numbers)
  const systemConfig = options.systemConfig ?? defaults.systemConfig
  const memoryMode = options.memoryMode ?? defaults.memoryMode
  const memories = memoriesOf(numbers, systemConfig, memoryMode)
  const howOf = (layer: Layer) => loweringOf(numbers, layer)
  const context: Context = {
    generation: numbers.generation,
    model,
    memories,
    ...placementsOf(network, memories, howOf, numbers.generation === 'u85', model),
  }
  const chains = chainsOf(network, howOf, numbers.generation === 'u85' ? numbers.accelerator : { longestChain: 1, chainInputs: 2 })
  const joined = new Map([...chains.values()].flatMap(([head, ...others]) => others.map(({ node }) => [node, head!.node] as const)))
  const generation: Generation = numbers.generation === 'u85' ? generation85(numbers, model) : generation55(numbers, model)
  const unpriced: string[] = []
  const rough: string[] = []
  const buffers: Range[] = []
  const layers: LayerEstimate[] = []
  let encodedWeightBytes = 0
  let previous: Slack | undefined
  let index = 0
  /** Node of the last layer that ran. */
  let before = 0
  for (const layer of network.layers) {
    const chain = chains.get(layer.node)
    const how = layer.place === 'accelerator' ? howOf(layer) : layer.place === 'folded' ? 'nothing' : undefined
    const lowered = joined.has(layer.node)
      ? []
      : chain
        ? lowerChain(chain, chain.map(howOf) as Lowering[], context)
        : how && lower(layer, how, context)
    if (!lowered) unpriced.push(layer.name)
    const priced: OperationPrice[] = []
    for (const one of lowered ?? []) {
      const running: Running = {
        generation,
        memories,
        index,
        previous,
        used: (network.usage[layer.node] ?? 0) + (chain ? change(chain) : 0),
      }
      const price = priceOne(one, running)
      if (!price) {
        unpriced.push(layer.name)
        break
      }
      priced.push(price)
      encodedWeightBytes += price.weightBytes
      previous = price.slack
      index++
    }
    if (how && isRough(layer, how)) rough.push(layer.name)
    for (const { staged, again } of priced) if (staged && !again) buffers.push(...buffersOf(staged, layer.node, before))
    if (priced.length > 0) before = layer.node
    if (layer.place === 'cpu') previous = undefined
    const estimate = sumUp(layer, priced)
    layers.push(
      layer.place === 'cpu' ? { ...estimate, boundBy: 'cpu' } : joined.has(layer.node) ? { ...estimate, boundBy: 'chained' } : estimate,
    )
  }
  const besides = numbers.besides && besidesOf(network, numbers.besides)
  const notes = notesOf(network, { model, systemConfig, memoryMode, besides, unpriced, rough, ...outside(network, context) })
  const mapBytes = mapBytesOf(network, context)
  const maps = network.layers.flatMap(({ outputs }) => outputs)
  const placed = new Map(maps.flatMap(({ tensor }) => (context.placed(tensor) ? [[tensor, context.placed(tensor)!.tensor] as const] : [])))
  return {
    model,
    clockHz: memories.clockHz,
    layers,
    encodedWeightBytes,
    mapBytes,
    joined,
    placed,
    buffers,
    notes,
    unpriced,
    ...(besides && { besides }),
  }
}

/** Bytes by which the maps alive change where a chain writes its last result in place of its first. */
const change = (chain: readonly Layer[]): number => bytesOf(chain.at(-1)!) - bytesOf(chain[0]!)
const bytesOf = ({ outputs: [y] }: Layer): number => (y ? size(y.shape) * bytesPerElement(y.dtype) : 0)

/** Layers that the compiler makes more operations of than are priced here. */
function isRough({ facts, outputs }: Layer, how: Lowering): boolean {
  const [rows, columns] = dimsOf(outputs[0]?.shape ?? [])
  if (how === 'rough-copy' || how === 'rough-compare') return true
  if (how === 'blend') return facts.halfPixelCenters === true || facts.alignCorners === true
  if (how === 'softmax-chain') return rows > 1 || columns >= 16
  return how === 'depthwise' && facts.inputChannels !== 1 && typeof facts.depthMultiplier === 'number' && facts.depthMultiplier > 1
}

/** The first slice of staged weights comes in during the end of the operation before; with two buffers, only that of the last slice lives to the end. */
function buffersOf({ parts: [first, second], early, slices }: Staged, node: number, before: number): Range[] {
  const start = early && before < node ? 2 * before + 1 : 2 * node
  if (second === 0) return [{ start, end: 2 * node + 1, bytes: first }]
  const odd = slices.length % 2 === 0
  return [
    { start, end: 2 * node + (odd ? 1 : 0), bytes: first },
    { start: 2 * node, end: 2 * node + (odd ? 0 : 1), bytes: second },
  ]
}

/** Bricks hold a multiple of sixteen channels. Where maps are staged, those that stay outside take no room in the arena. */
function mapBytesOf(network: Network, { linear, memoryOf, memories }: Context): (tensor: number) => number {
  const tensors = new Map(network.layers.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]).map((t) => [t.tensor, t]))
  return (tensor) => {
    const { shape, dtype } = tensors.get(tensor) ?? { shape: [0], dtype: 'int8' as const }
    const [height, width, depth] = dimsOf(shape)
    if (memoryOf(tensor).name !== memories.staging.name) return 0
    return height * width * (linear(tensor) ? depth : roundUp(depth, 16)) * bytesPerElement(dtype)
  }
}

/** Bytes of maps outside the staging memory, and how many of them are no input or output of the network. */
function outside(network: Network, { memoryOf, memories }: Context): { readonly outsideBytes: number; readonly crowded: number } {
  const maps = new Map(network.layers.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]).map((map) => [map.tensor, map]))
  const far = [...maps.values()].filter(({ tensor, constant }) => !constant && memoryOf(tensor).name !== memories.staging.name)
  const border = new Set([...network.inputs, ...network.outputs])
  const free = new Set(
    network.layers
      .flatMap(({ family, place, inputs, outputs }) => (family === 'free' || place === 'cpu' ? [...inputs, ...outputs] : []))
      .map(({ tensor }) => tensor),
  )
  return {
    outsideBytes: far.reduce((sum, { shape, dtype }) => sum + size(shape) * bytesPerElement(dtype), 0),
    crowded: far.filter(({ tensor }) => !border.has(tensor) && !free.has(tensor)).length,
  }
}

function priceOne(lowered: Lowered, running: Running): OperationPrice | undefined {
  const plan = running.generation.plan(lowered, running.memories.constants)
  return plan && priceOperation(lowered, plan, running)
}
