/** Which operations get their weights brought to fast memory, whole or in slices of depth, as Regor's scheduler decides (npu-facts 5). */
import type { Buffer, Machine, Running, Schedule, Step } from './define.ts'
import { bytesOf, expect, isDominated } from './expect.ts'
import { slicesOf } from './slices.ts'

/** Cycles that are free to hide a transfer in; Regor takes this much for granted at the start of a network. */
const STARTUP_CYCLES = 1000

/** Regor counts no memory beyond. */
const MOST_BYTES = 2 ** 30

/** What the proposals for one stretch of steps share: bytes in use and weights among them at each time, which grow with every buffer. */
export type Room = { readonly used: number[]; readonly weights: number[]; readonly times: readonly number[]; readonly limit: number }

/** The steps from `start` to `end` with their weights in buffers where that is worth it. */
export function buffered(machine: Machine, given: Schedule, room: Room, start = 0, end = machine.steps.length - 1): Schedule {
  const schedule = given.slice()
  for (let i = start; i <= end; i++) {
    const before = given[i]
    if (!before) continue
    const time = room.times[i]!
    const own = before.buffer ? before.buffer.parts[0] + before.buffer.parts[1] : 0
    const weights = room.weights[time] ?? 0
    const used = Math.max(0, weights - own) + (room.used[time] ?? 0) - weights
    const limit = Math.min(MOST_BYTES, room.limit)
    const { buffer: _, ...bare } = before
    const running: Running = { ...bare, slackBytes: Math.max(0, limit - used), slackCycles: before.cycles }
    schedule[i] = machine.steps[i]!.run!.op.weights ? proposed(machine, schedule, given, running, machine.steps[i]!) : running
    const { buffer } = schedule[i]!
    if (!buffer) continue
    const all = buffer.parts[0] + buffer.parts[1]
    room.weights[time] = weights + all
    room.used[time] = (room.used[time] ?? 0) + all
    if (buffer.early && time > 0) room.used[time - 1]! += buffer.parts[0]
  }
  return schedule
}

function proposed(machine: Machine, schedule: Schedule, given: Schedule, running: Running, step: Step): Running {
  const { generation, memories } = machine
  const { op, lowered } = step.run!
  const { plan, cascade, refetch: once, stripe } = running
  const old = given[step.index]!
  const depth = op.ofm.shape[2]
  const [full] = bytesOf(plan, [0, depth]) as [number]
  const transferCycles = generation.transfer(op.weights!.memory, memories.staging, full)
  const whole: Running = { ...running, slices: [0, depth], transferCycles }
  if (op.weights!.memory.name === memories.staging.name) return whole

  const previous = schedule[step.index - 1]
  const isFirst = !machine.steps[step.index - 1]?.run
  const stripes = cascade ? Math.ceil(op.ofm.shape[0] / stripe[0]) : 1
  const refetch = once * stripes
  const unmoved = generation.readWeights(op.weights!.memory, full, plan) * refetch
  const fromBuffer = generation.readWeights(memories.staging, full, plan) * refetch
  if (fromBuffer >= unmoved) return whole

  const room = running.slackBytes
  const slackCycles = previous?.slackCycles ?? 0
  const slackBytes = previous ? previous.slackBytes : step.index === 0 ? room : 0
  const smallest = Math.floor((transferCycles * Math.min(depth, generation.splitDepth)) / depth)
  const mayBeEarly = step.index !== 0 && (!cascade || cascade.start === step.index)
  const initial = isFirst && refetch > 1 && (smallest < Math.trunc(unmoved / 10) || smallest <= STARTUP_CYCLES)
  const dominated = old.expected.runCycles > unmoved
  const seen = Math.max(transferCycles - slackCycles, 0)
  const better = fromBuffer + seen < unmoved
  const maySlice = !cascade
  const worthSlicing =
    maySlice && (initial || better || Math.trunc(depth / plan.block.ofm[2]) > 2 || (mayBeEarly && smallest < slackCycles && refetch > 1))
  const hidden = seen < Math.trunc(transferCycles / 20) || Math.ceil(seen / stripes) < STARTUP_CYCLES
  const shared = lowered.shared === true
  const atOnce = full <= room && (shared || (!maySlice && (hidden || initial))) && (better || !dominated)
  if (!atOnce && !worthSlicing) return whole

  const forced = atOnce && shared
  const slices = atOnce ? [0, depth] : slicesOf({ op, plan, full, room, transferCycles, slackCycles, dominated }, machine)
  if (!slices) return whole
  const buffer = partsOf(bytesOf(plan, slices), full, room)
  if (!buffer) return whole
  const early = mayBeEarly && buffer.parts[0] < slackBytes
  const expected = expect(op, plan, machine, {
    stripe,
    slices,
    weightsStaged: true,
    inputStaged: cascade !== undefined && cascade.start !== step.index,
    slack: early ? slackCycles : initial ? STARTUP_CYCLES : 0,
    double: buffer.double,
  })
  const staged: Running = {
    ...whole,
    expected,
    slices,
    buffer: { ...buffer, early },
    slackCycles: expected.lastCycles,
    slackBytes: room - buffer.parts[buffer.double ? slices.length % 2 : 0]!,
  }
  return forced || isWorth(staged, { machine, step, running, old, previous, given, room, refetch, transferCycles, dominated, initial })
    ? staged
    : whole
}

/** One buffer for all, or two in turn where slices let the next come in while one is at work. */
function partsOf(ranges: readonly number[], full: number, room: number): Omit<Buffer, 'early'> | undefined {
  const halves = [0, 1].map((odd) => Math.max(0, ...ranges.filter((_, i) => i % 2 === odd))) as [number, number]
  const largest = Math.max(...halves)
  if (halves[0] + halves[1] <= room && largest < full) return { double: true, parts: halves }
  const one = Math.min(full, largest)
  return one <= room ? { double: false, parts: [one, 0] } : undefined
}

type Case = {
  readonly machine: Machine
  readonly step: Step
  readonly running: Running
  readonly old: Running
  readonly previous: Running | undefined
  readonly given: Schedule
  readonly room: number
  readonly refetch: number
  readonly transferCycles: number
  readonly dominated: boolean
  readonly initial: boolean
}

/** Whether the step with its weights staged is as fast as without, or faster; its input may want the same room. */
function isWorth({ expected, slices, buffer }: Running, at: Case): boolean {
  const { machine, step, running, old, previous, room, dominated } = at
  const { op } = step.run!
  const bytes = buffer!.parts[0] + buffer!.parts[1]
  let inputCycles = expected.inputCycles
  const rolls = running.cascade !== undefined && running.cascade.start !== step.index
  if (!rolls && mayMove(step, machine)) {
    const fromStaging = (count: number) => machine.generation.readMap(machine.memories.staging, count, op)
    const bothFit = expected.inputBytes + bytes <= room
    const withInput = Math.max(old.expected.runCycles, old.expected.weightCycles, fromStaging(old.expected.inputReadBytes))
    const withWeights = Math.max(expected.fullCycles, expected.weightCycles, expected.inputCycles)
    const free = previous?.slackBytes ?? 0
    if (!bothFit && expected.inputBytes < free && withInput < withWeights && withInput < expected.inputCycles) return false
    if (prefersSuccessor(at, expected.inputBytes, expected.inputCycles, bytes, free)) return false
    if (bothFit) inputCycles = fromStaging(expected.inputReadBytes)
  }
  const before = Math.max(old.expected.runCycles, old.expected.weightCycles, inputCycles)
  let after = Math.max(expected.fullCycles, expected.weightCycles, inputCycles)
  const count = slices.length - 1
  if (dominated) {
    // Regor leaves the noise of slicing out of the comparison where the operation itself decides.
    if (Math.trunc(expected.visibleCycles / count) < STARTUP_CYCLES) after -= expected.visibleCycles
    if (count > 1 && expected.fullCycles === after && at.initial) after -= (count * STARTUP_CYCLES) / 2
  }
  return !(before < after || (at.refetch === 1 && at.transferCycles + expected.weightCycles > before))
}

/** Whether the input could be moved to fast memory instead: another operation made it there, by more than copying. */
function mayMove({ run, reads }: Step, { maps, memories, steps }: Machine): boolean {
  const made = maps.get(reads[0]?.tensor ?? -1)
  const [writer] = made?.writers ?? []
  if (!run || writer === undefined || run.op.ifm.memory.name === memories.staging.name) return false
  return !steps[writer]!.run?.op.copies
}

/** The successor may gain more by having this result in fast memory than this step by having its weights there. */
function prefersSuccessor(
  { machine, step, running, previous, given }: Case,
  input: number,
  cycles: number,
  bytes: number,
  free: number,
): boolean {
  const [reader] = machine.maps.get(step.writes?.tensor ?? -1)?.readers ?? []
  const next = reader === undefined ? undefined : given[reader]?.expected
  if (!next || !previous || isDominated(next) || next.weightCycles === 0 || next.inputCycles / next.weightCycles <= 2) return false
  if (next.inputBytes >= running.slackBytes || next.inputBytes + input + bytes <= free) return false
  return isDominated(running.expected) || next.inputCycles > cycles
}
