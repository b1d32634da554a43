/** Prices layers on an array of multipliers: whole passes of the array, or what its vector unit or its memory takes longer for. */
import { UserError } from '../../../../errors.ts'
import { bytesPerElement, size } from '../../../../graph/ir/graph.ts'
import type { LayerEstimate } from '../../../define.ts'
import { calibrationNote } from '../calibration.ts'
import type { Engine, Layer, LayerTensor, Network } from '../define.ts'
import { travelOf } from '../travel.ts'
import type { Systolic } from './numbers.ts'

const bytesOf = (tensors: readonly LayerTensor[]): number =>
  tensors.reduce((sum, { shape, dtype }) => sum + size(shape) * bytesPerElement(dtype), 0)

const weightBytesOf = ({ weights }: Layer): number =>
  weights?.data?.byteLength ?? (weights ? size(weights.shape) * bytesPerElement(weights.dtype) : 0)

/**
 * Steps of the array: one for each output position, times the passes that the products and the output channels take. A depthwise
 * convolution lays its channels beside each other, one a column. A grouped one takes its groups one after the other.
 */
function steps({ macs, outputs, facts, family }: Layer, { rows, columns }: Systolic['array']): number {
  const elements = size(outputs[0]!.shape)
  const channels = outputs[0]!.shape.at(-1) ?? 1
  const groups = family === 'conv' && typeof facts.groups === 'number' ? facts.groups : 1
  return (elements / channels) * Math.ceil(macs / elements / rows) * groups * Math.ceil(channels / groups / columns)
}

/** Elements that pass the vector unit: each window of a pool is read on its own. */
function vectorElements({ inputs, outputs, facts }: Layer): number {
  const elements = (tensors: readonly LayerTensor[]) => tensors.reduce((sum, { shape }) => sum + size(shape), 0)
  const windows = typeof facts.kernelArea === 'number' ? facts.kernelArea * elements(outputs) : 0
  return Math.max(elements(inputs), windows) + elements(outputs)
}

function onArray(layer: Layer, machine: Systolic, room: number): { readonly terms: Record<string, number>; readonly kept: number } {
  const { clockHz, array, vector, memory } = machine
  const weights = weightBytesOf(layer)
  const stays = memory.weights === 'kept' && weights <= room
  const maps = bytesOf([...layer.inputs, ...layer.outputs])
  const external = (stays ? 0 : weights) + (maps > memory.onChipBytes ? maps : 0)
  return {
    kept: stays ? weights : 0,
    terms: {
      mac: layer.macs > 0 ? steps(layer, array) / array.efficiency : 0,
      vector: layer.macs > 0 ? 0 : vectorElements(layer) / vector.elementsPerCycle,
      external: (external / memory.externalBytesPerSecond) * clockHz,
    },
  }
}

function onHost(layer: Layer, { clockHz, host }: Systolic): number | undefined {
  if (!host || layer.family === 'opaque') return undefined
  const seconds =
    layer.macs / host.macsPerSecond + bytesOf([...layer.inputs, ...layer.outputs]) / host.bytesPerSecond + host.operatorMs / 1000
  return seconds * clockHz
}

const largest = (terms: Readonly<Record<string, number>>): string =>
  Object.entries(terms).reduce<[string, number]>((most, term) => (term[1] > most[1] ? term : most), ['fixed', 0])[0]

/** Throws UserError `unknown-model`. Operators on a CPU that the target has no price for are named in `unpriced`. */
export const estimateSystolic: Engine<Systolic> = (network: Network, machine, { model = 'systolic' }) => {
  if (model !== 'systolic')
    throw new UserError('unknown-model', `this target has no model ${JSON.stringify(model)}`, { found: model, expected: 'systolic' })
  const { clockHz, setup, memory, link } = machine
  const travel = travelOf(network)
  const unpriced: string[] = []
  let room = memory.onChipBytes
  const layers = network.layers.map((layer): LayerEstimate => {
    const { name, op, macs } = layer
    const { bytes, starts } = travel[layer.node]!
    const moving = { transfer: link ? (bytes / link.bytesPerSecond) * clockHz : 0, start: starts ? (setup.startMs / 1000) * clockHz : 0 }
    const total = (own: number) => Math.round(own + moving.transfer + moving.start)
    if (layer.place === 'folded') return { name, op, macs, cycles: total(0), boundBy: largest(moving), terms: moving }
    if (layer.place === 'cpu') {
      const cpu = onHost(layer, machine)
      if (cpu === undefined) unpriced.push(name)
      return { name, op, macs, cycles: cpu === undefined ? 0 : total(cpu), boundBy: 'cpu', terms: { cpu: cpu ?? 0, ...moving } }
    }
    const { terms, kept } = onArray(layer, machine, room)
    room -= kept
    const all = { ...terms, setup: setup.layerCycles, ...moving }
    return { name, op, macs, cycles: total(Math.max(...Object.values(terms)) + setup.layerCycles), boundBy: largest(all), terms: all }
  })
  const maps = new Map(network.layers.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]).map((t) => [t.tensor, bytesOf([t])]))
  return {
    model,
    clockHz,
    layers,
    encodedWeightBytes: network.layers.reduce((sum, layer) => sum + weightBytesOf(layer), 0),
    mapBytes: (tensor) => maps.get(tensor) ?? 0,
    buffers: [],
    notes: notesOf(machine, network, unpriced),
    unpriced,
  }
}

function notesOf({ calibration, host, link }: Systolic, { layers }: Network, unpriced: readonly string[]): string[] {
  const cpu = layers.filter(({ place }) => place === 'cpu')
  return [
    'Cycles are whole passes of the multiplier array at one efficiency for all layers, or the time of the vector unit or the memory where that is longer.',
    calibrationNote(calibration),
    ...(link ? [] : ['Host and accelerator share a memory: inputs and outputs are not copied.']),
    ...(cpu.length > 0 && host
      ? [`${cpu.length} operators run on the CPU, priced by a straight line of ${host.evidence.confidence} rates.`]
      : []),
    ...(unpriced.length > 0
      ? [`${unpriced.length} operators run on the CPU and have no price: ${unpriced.join(', ')}; the total is too small.`]
      : []),
  ]
}
