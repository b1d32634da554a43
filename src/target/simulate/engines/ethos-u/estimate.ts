/** The estimate of a network on an Ethos-U, operation by operation, as the chosen model of Arm Vela makes it. */
import { UserError } from '../../../../errors.ts'
import { bytesPerElement } from '../../../../graph/ir/graph.ts'
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
import { type Context, dimsOf } from './maps.ts'
import { memoriesOf } from './memories.ts'
import { notesOf } from './notes.ts'
import { type EthosU, type Lowering, type Model, models } from './numbers.ts'
import { roundUp } from './operation.ts'
import { type OperationPrice, priceOperation } from './price.ts'
import type { Machine, Schedule } from './schedule/define.ts'
import { scheduleOf } from './schedule/schedule.ts'
import { mapsOf, type Part, stepsOf } from './schedule/steps.ts'
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
  const runs = (layer: Layer) => (layer.place === 'accelerator' ? howOf(layer) : layer.place === 'folded' ? 'nothing' : undefined)
  const layout = placementsOf(network, howOf, numbers.generation === 'u85', model)
  const context: Context = { generation: numbers.generation, model, memories, ...layout }
  const chains = chainsOf(network, howOf, numbers.generation === 'u85' ? numbers.accelerator : { longestChain: 1, chainInputs: 2 })
  const joined = new Map([...chains.values()].flatMap(([head, ...others]) => others.map(({ node }) => [node, head!.node] as const)))
  const generation: Generation = numbers.generation === 'u85' ? generation85(numbers, model) : generation55(numbers, model)
  const unpriced: string[] = []
  const parts = network.layers.map((layer): Part => {
    const [chain, how] = [chains.get(layer.node), runs(layer)]
    const result = (chain?.at(-1) ?? layer).outputs[0]
    if (joined.has(layer.node)) return { layer, lowered: [] }
    const lowered = chain ? lowerChain(chain, chain.map(howOf) as Lowering[], context) : how && lower(layer, how, context)
    if (!lowered) unpriced.push(layer.name)
    return { layer, lowered: lowered ?? [], result }
  })
  const { steps, lost } = stepsOf(parts, context, generation)
  const machine: Machine = { generation, memories, model, steps, maps: mapsOf(steps, network, context) }
  const { schedule, isFast, ranges } = scheduleOf(machine)
  const priced = new Map<number, OperationPrice[]>()
  steps.forEach((step, i) => {
    const running = schedule[i]
    if (!running) return
    const price = priceOperation(step, running, schedule[i - 1], machine, isFast)
    priced.set(step.node, [...(priced.get(step.node) ?? []), price])
  })
  const layers = network.layers.map((layer): LayerEstimate => {
    const estimate = sumUp(layer, priced.get(layer.node) ?? [])
    if (layer.place === 'cpu') return { ...estimate, boundBy: 'cpu' }
    return joined.has(layer.node) ? { ...estimate, boundBy: 'chained' } : estimate
  })
  unpriced.push(...network.layers.flatMap(({ node, name }) => (lost.has(node) ? [name] : [])))
  const rough = network.layers.flatMap((layer) => (isRough(layer, runs(layer)) ? [layer.name] : []))
  const besides = numbers.besides && besidesOf(network, numbers.besides)
  const far = outsideOf(machine, isFast)
  const notes = notesOf(network, { model, systemConfig, memoryMode, besides, unpriced, rough, ...far, cascades: cascadesOf(schedule) })
  const maps = network.layers.flatMap(({ outputs }) => outputs)
  return {
    model,
    clockHz: memories.clockHz,
    layers,
    encodedWeightBytes: [...priced.values()].flat().reduce((sum, { weightBytes }) => sum + weightBytes, 0),
    mapBytes: mapBytesOf(network, context),
    joined,
    placed: new Map(maps.flatMap(({ tensor }) => (context.placed(tensor) ? [[tensor, context.placed(tensor)!.tensor] as const] : []))),
    buffers: ranges ? [] : buffersOf(machine, schedule),
    ...(ranges && { ranges }),
    notes,
    unpriced,
    ...(besides && { besides }),
  }
}

const cascadesOf = (schedule: Schedule): number => new Set(schedule.flatMap((running) => running?.cascade ?? [])).size

/** Layers that the compiler makes more operations of than are priced here. */
function isRough({ facts, outputs }: Layer, how: Lowering | undefined): boolean {
  const [rows, columns] = dimsOf(outputs[0]?.shape ?? [])
  if (how === 'rough-copy' || how === 'rough-compare') return true
  if (how === 'blend') return facts.halfPixelCenters === true || facts.alignCorners === true
  if (how === 'softmax-chain') return rows > 1 || columns >= 16
  return how === 'depthwise' && facts.inputChannels !== 1 && typeof facts.depthMultiplier === 'number' && facts.depthMultiplier > 1
}

/** The first slice of staged weights comes in during the end of the operation before; with two buffers, only that of the last slice lives to the end. */
function buffersOf({ steps }: Machine, schedule: Schedule): Range[] {
  return steps.flatMap(({ node, index, run }): Range[] => {
    const { buffer, slices } = schedule[index] ?? {}
    if (!buffer || !slices || run!.lowered.again) return []
    const [first, second] = buffer.parts
    const before = steps[index - 1]?.node ?? node
    const start = buffer.early && before < node ? 2 * before + 1 : 2 * node
    if (!buffer.double) return [{ start, end: 2 * node + 1, bytes: first }]
    const odd = slices.length % 2 === 0
    return [
      { start, end: 2 * node + (odd ? 1 : 0), bytes: first },
      { start: 2 * node, end: 2 * node + (odd ? 0 : 1), bytes: second },
    ]
  })
}

/** Bricks hold a multiple of sixteen channels. */
function mapBytesOf(network: Network, { linear }: Context): (tensor: number) => number {
  const tensors = new Map(network.layers.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]).map((t) => [t.tensor, t]))
  return (tensor) => {
    const { shape, dtype } = tensors.get(tensor) ?? { shape: [0], dtype: 'int8' as const }
    const [height, width, depth] = dimsOf(shape)
    return height * width * (linear(tensor) ? depth : roundUp(depth, 16)) * bytesPerElement(dtype)
  }
}

/** Bytes of maps outside the fast memory. */
const outsideOf = ({ maps }: Machine, isFast: (tensor: number) => boolean): { readonly outsideBytes: number } => ({
  outsideBytes: [...maps.values()].reduce((sum, { tensor, bytes }) => (isFast(tensor) ? sum : sum + bytes), 0),
})
