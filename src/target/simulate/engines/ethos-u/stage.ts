/** Which operations get their weights brought to fast memory, whole or in slices of depth, as Regor's scheduler decides (npu-facts 5). */

import type { Part } from './cost.ts'
import type { Generation, Plan } from './generation.ts'
import type { Memories } from './memories.ts'
import { type Operation, roundUp } from './operation.ts'
import { elements } from './transfer.ts'

/** Cycles that are free to hide a transfer in; Regor takes this much for granted at the start of a network. */
const STARTUP_CYCLES = 1000

export type Planned = { readonly op: Operation; readonly plan: Plan }

/** What an operation leaves to its successor: cycles to hide a transfer under, and room for it. */
export type Slack = { readonly cycles: number; readonly bytes: number }

export type Staged = {
  readonly buffering: 'single' | 'double'
  /** Depths at which the output is cut, from 0 to all. */
  readonly slices: readonly number[]
  readonly firstBytes: number
  readonly fullTransfer: number
  readonly firstTransfer: number
  /** Bytes of the one or two buffers in fast memory. */
  readonly parts: readonly [number, number]
  /** Whether the first slice comes in while the previous operation runs. */
  readonly early: boolean
  readonly lastSliceCycles: number
}

export type Situation = {
  readonly generation: Generation
  readonly memories: Memories
  /** Position among the accelerator's operations. */
  readonly index: number
  readonly previous: Slack | undefined
  /** Whether neighbours have the same weights, so that one transfer serves all. */
  readonly shared: boolean
  /** Room in fast memory. */
  readonly room: number
  /** Encoded weights and scales of output channels [from, to). */
  bytesOf(from: number, to: number): number
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

/** The operation cut to some output channels. */
const slice = (op: Operation, depth: number): Operation => ({
  ...op,
  ofm: { ...op.ofm, shape: [op.ofm.shape[0], op.ofm.shape[1], depth] },
})

export function stageWeights({ op, plan }: Planned, at: Situation): Staged | undefined {
  const { generation, memories, previous, room, bytesOf } = at
  const { block } = plan
  if (!op.weights || op.weights.memory === memories.staging || op.weights.memory.name === memories.staging.name) return undefined
  const depth = op.ofm.shape[2]
  const split = generation.splitDepth
  const full = bytesOf(0, depth)
  const fullTransfer = generation.transfer(op.weights.memory, memories.staging, full)
  const { refetch } = elements(op, block, generation)
  const unmoved = generation.readWeights(op.weights.memory, full, plan) * refetch
  const fromBuffer = generation.readWeights(memories.staging, full, plan) * refetch
  if (fromBuffer >= unmoved) return undefined

  const slackCycles = previous?.cycles ?? 0
  const slackBytes = previous?.bytes ?? room
  const smallest = Math.floor((fullTransfer * Math.min(depth, split)) / depth)
  const ahead = at.index !== 0
  const initial = !previous && refetch > 1 && (smallest < unmoved / 10 || smallest <= STARTUP_CYCLES)
  const price = (channels: number, part: Part) => generation.cost(slice(op, channels), plan, memories.staging, part).npu
  const unsliced = generation.cost(slice(op, depth), plan).npu
  const dominated = unsliced > unmoved
  const buffered = fromBuffer + Math.max(fullTransfer - slackCycles, 0)
  const forced = at.shared && full <= room && (buffered < unmoved || !dominated)
  const worthSlicing =
    forced || initial || buffered < unmoved || Math.floor(depth / block.ofm[2]) > 2 || (ahead && smallest < slackCycles && refetch > 1)
  if (!worthSlicing) return undefined

  const slices = forced ? [0, depth] : slicesOf({ depth, full, fullTransfer, slackCycles, dominated, plan }, at, price)
  if (!slices) return undefined
  const ranges = slices.slice(1).map((to, i) => bytesOf(slices[i]!, to))
  const largest = Math.max(...ranges)
  const halves = [0, 1].map((odd) => Math.max(0, ...ranges.filter((_, i) => i % 2 === odd))) as [number, number]
  const double = halves[0] + halves[1] <= room && largest < full
  const parts: readonly [number, number] = double ? halves : [Math.min(full, largest), 0]
  if (!double && parts[0] > room) return undefined

  const usable = ahead && parts[0] < slackBytes ? slackCycles : initial ? STARTUP_CYCLES : 0
  const sliced = runSliced(slices, ranges, usable, double, price, (bytes) =>
    generation.transfer(op.weights!.memory, memories.staging, bytes),
  )
  const weightRead = generation.readWeights(memories.staging, sum(ranges) / ranges.length, plan) * refetch * ranges.length
  const before = Math.max(unsliced, unmoved)
  let after = Math.max(sliced.full, weightRead)
  if (dominated) {
    // Regor leaves the noise of slicing out of the comparison where the operation itself decides.
    if (sliced.visible / ranges.length < STARTUP_CYCLES) after -= sliced.visible
    if (ranges.length > 1 && sliced.full === after && initial) after -= (ranges.length * STARTUP_CYCLES) / 2
  }
  if (!forced && (before < after || (refetch === 1 && fullTransfer + weightRead > before))) return undefined
  return {
    buffering: double ? 'double' : 'single',
    slices,
    firstBytes: ranges[0]!,
    fullTransfer,
    firstTransfer: generation.transfer(op.weights.memory, memories.staging, ranges[0]!),
    parts,
    early: ahead && parts[0] < slackBytes,
    lastSliceCycles: sliced.last,
  }
}

type Cut = {
  readonly depth: number
  readonly full: number
  readonly fullTransfer: number
  readonly slackCycles: number
  readonly dominated: boolean
  readonly plan: Plan
}

/** Depths to cut at: as much first as the previous operation hides, then as much as each slice hides. */
function slicesOf(
  { depth, full, fullTransfer, slackCycles, dominated, plan }: Cut,
  { room, generation, bytesOf }: Situation,
  price: (channels: number, part: Part) => number,
): number[] | undefined {
  const split = generation.splitDepth
  const [blockDepth, unit] = [plan.block.ofm[2], plan.leastDepth]
  const half = room / 2
  const least = Math.min(split / depth, 1)
  const hidden = Math.min(slackCycles / fullTransfer, 1)
  let ratio = 1 - Math.floor(hidden / least) * least < least / 2 ? 1 : hidden
  if (dominated && ratio > 0.5 && ratio < 1) ratio = Math.min(1, Math.max(0.5, roundUp(Math.floor(depth * 0.5), split) / depth))
  ratio = Math.min(Math.max(ratio, least), Math.min(half / full, 1))
  if (ratio >= 1) return [0, depth]

  const whole = (value: number, unit: number) => Math.floor(value / unit) * unit
  let first = Math.max(whole(Math.floor(depth * ratio), unit), split)
  if (first >= depth) return [0, depth]
  let next = roundUp(Math.max(Math.floor((depth * price(first, 'first')) / fullTransfer), split), blockDepth)
  if ((next / depth) * full > half) next = Math.floor((half / full) * depth)
  for (;;) {
    next = Math.max(whole(next, next > blockDepth ? blockDepth : unit), unit)
    const cuts = [0]
    for (let d = first; d < depth; d += next) cuts.push(d)
    cuts.push(depth)
    const largest = Math.max(...cuts.slice(1).map((to, i) => bytesOf(cuts[i]!, to)))
    if (largest <= half || (first === split && next === unit)) {
      return cuts.length > 3 && next / roundUp(next, blockDepth) < 0.3 && dominated ? undefined : cuts
    }
    if (next > first) next = roundUp(Math.floor(next / 2), unit)
    else first = roundUp(Math.floor(first / 2), split)
  }
}

function runSliced(
  slices: readonly number[],
  ranges: readonly number[],
  slack: number,
  double: boolean,
  price: (channels: number, part: Part) => number,
  transfer: (bytes: number) => number,
): { readonly full: number; readonly visible: number; readonly last: number } {
  let [visible, run, last, free] = [0, 0, 0, slack]
  ranges.forEach((bytes, i) => {
    last = price(
      slices[i + 1]! - slices[i]!,
      ranges.length === 1 ? 'whole' : i === 0 ? 'first' : i === ranges.length - 1 ? 'last' : 'middle',
    )
    visible += Math.max(0, transfer(bytes) - free)
    run += last
    free = double ? last : 0
  })
  return { full: run + visible, visible, last }
}
