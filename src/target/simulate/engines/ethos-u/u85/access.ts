/** Cycles that each memory is busy for one operation of a U85: bytes by channel, each as fast as its transactions in flight allow (npu-facts 4.6). */
import type { Block } from '../block.ts'
import type { Staging } from '../cost.ts'
import type { Model } from '../numbers.ts'
import { area, type FeatureMap, type Memory, type Operation, roundUp, volume } from '../operation.ts'
import { elements, moved } from '../transfer.ts'
import type { Accelerator85, Channel } from './numbers.ts'

/** Share of what is possible that transactions reach. */
const UTILISATION = 0.8
const WORD = 16

/** Regor 5.1 thought that every core writes on its own. */
export const writers = ({ cores }: Accelerator85, model: Model): number => (model === 'regor-5.1' ? cores : 1)

/** Bytes per cycle of a channel, in float32 as the compiler has it. */
export function channelBandwidth(memory: Memory, channel: Channel | 'write', { readBuffers }: Accelerator85): number {
  const f = Math.fround
  const reads = channel !== 'write'
  const inFlight = f((reads ? memory.maxReads! : memory.maxWrites!) * memory.ports * UTILISATION)
  const words = Math.max(Math.floor(memory.burst / WORD), 1)
  const used = reads ? Math.min(f(readBuffers[channel] / words), inFlight) : inFlight
  const latency = reads ? memory.readLatency : memory.writeLatency
  return Math.min(f(memory.bytesPerCycle), f(f(f(memory.burst * used) / latency) * UTILISATION))
}

/** Cycles of a transfer between memories. */
export const transferCycles85 = (from: Memory, to: Memory, bytes: number, machine: Accelerator85): number =>
  Math.max(
    Math.floor(Math.fround(bytes / channelBandwidth(from, 'copy', machine))) + from.readLatency,
    Math.floor(Math.fround(bytes / channelBandwidth(to, 'write', machine))) + to.writeLatency,
  )

type Move = {
  readonly memory: Memory
  readonly channel: Channel | 'write'
  readonly group: 'maps' | 'weights' | 'scales'
  readonly bytes: number
}

export type Reading = { readonly staging?: Staging | undefined; readonly fast: boolean }

export function accessCycles85(
  op: Operation,
  block: Block,
  machine: Accelerator85,
  model: Model,
  reading: Reading,
): { readonly sram: number; readonly external: number } {
  const moves = [...maps(op, block, machine, model), ...constants(op, block, machine, reading)]
  const busy = (name: Memory['name']) => {
    const here = moves.filter(({ memory }) => memory.name === name)
    return here.length === 0 ? 0 : busiest(here, machine)
  }
  return { sram: busy('sram'), external: busy('external') }
}

function maps(op: Operation, block: Block, machine: Accelerator85, model: Model): Move[] {
  const bytesOf = (count: number, bits: number) => (model === 'regor-5.1' ? count : (count * bits) / 8)
  const cores = writers(machine, model)
  const streams = op.kind === 'elementwise' || op.kind === 'enlarging'
  const read = (map: FeatureMap, count: number, channel: Channel): Move => ({
    memory: map.memory,
    channel,
    group: 'maps',
    bytes: moved(map, block.ifm, 'read', bytesOf(count, map.bits), cores, model),
  })
  const inputs = [op.ifm, op.ifm2].filter((map) => map !== undefined)
  const counts = streams ? operands(inputs, op.ifm) : [elements(op, block, machine).inputs[0]!]
  const chained = (op.chain ?? []).flatMap(({ other }) => (other && volume(other.shape) > 1 ? [other] : []))
  const written = op.written ?? (op.chain?.length ? undefined : op.ofm)
  // What an activation or a chained operation writes is measured by the blocks of the input.
  const size = op.chain?.length || op.activation !== 'none' ? block.ifm : block.ofm
  return [
    ...inputs.slice(0, counts.length).map((map, i) => read(map, counts[i]!, streams ? 'stream' : 'ifm')),
    ...chained.map((map) => read(map, stored(map), 'stream')),
    ...(written
      ? [
          {
            memory: written.memory,
            channel: 'write' as const,
            group: 'maps' as const,
            bytes: moved(written, size, 'write', bytesOf(stored(written), written.bits), cores, model),
          },
        ]
      : []),
  ]
}

const stored = ({ format, shape }: FeatureMap, as = format): number => area(shape) * (as === 'nhcwb16' ? roundUp(shape[2], 16) : shape[2])

/** Each operand once, rounded as the first is stored; the first scalar travels in a register. */
function operands(inputs: readonly FeatureMap[], first: FeatureMap): number[] {
  let held = false
  return inputs.map((map) => {
    if (volume(map.shape) > 1 || held) return stored(map, first.format)
    held = true
    return 0
  })
}

function constants(op: Operation, block: Block, machine: Accelerator85, { staging, fast }: Reading): Move[] {
  if (!op.weights) return []
  const { memory, bytes, scaleBytes } = op.weights
  const { refetch } = elements(op, block, machine)
  const scales: Move = { memory, channel: 'scale', group: 'scales', bytes: refetch * scaleBytes }
  const channel = fast ? 'fastWeight' : 'weight'
  if (!staging) return [scales, { memory, channel: 'weight', group: 'weights', bytes: refetch * bytes }]
  const late = Math.max(0, bytes - staging.firstBytes)
  return [
    scales,
    { memory, channel: 'copy', group: 'weights', bytes: late },
    { memory: staging.memory, channel: 'write', group: 'weights', bytes: late },
    { memory: staging.memory, channel, group: 'weights', bytes: refetch * bytes },
  ]
}

/** All bytes at the bandwidth of the memory, or the busiest channel. */
function busiest(moves: readonly Move[], machine: Accelerator85): number {
  const f = Math.fround
  const sums = new Map<string, { readonly channel: Channel | 'write'; bytes: number }>()
  for (const { channel, group, bytes } of moves) {
    const sum = sums.get(`${channel} ${group}`) ?? { channel, bytes: 0 }
    sum.bytes += bytes
    sums.set(`${channel} ${group}`, sum)
  }
  const memory = moves[0]!.memory
  const channels = new Map<string, number>()
  let total = 0
  for (const { channel, bytes } of sums.values()) {
    total += bytes
    const cycles = bytes === 0 ? 0 : Math.floor(f(f(bytes) / channelBandwidth(memory, channel, machine)))
    channels.set(channel, (channels.get(channel) ?? 0) + cycles)
  }
  return Math.max(Math.floor(f(f(total) / f(memory.bytesPerCycle))), ...channels.values())
}
