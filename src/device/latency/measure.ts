/** Latency on a runner: initialisation, the first inference and the steady state apart. */
import { DeviceError } from '../../errors.ts'
import type { Conditions, LatencyStats, Measurement, Runner, Timing } from '../define.ts'
import { acrossRuns, medianOf, medianRange } from './median-range.ts'
import { pooled } from './pooled.ts'
import { statistics } from './statistics.ts'
import { unstableWhy } from './unstable.ts'

export type LatencyOptions = {
  /** Inferences before the first that counts. */
  readonly warmUp: number
  /** Runs until both are reached and the median is known well enough, or `maxMs` has passed here; at least two always (some drivers hang on the second). */
  readonly minRuns: number
  readonly minMs: number
  readonly maxMs: number
  /** How wide the interval of the median may be, as a share of it. */
  readonly width: number
}

export const latencyDefaults: LatencyOptions = { warmUp: 10, minRuns: 100, minMs: 1_000, maxMs: 30_000, width: 0.05 }

/** So many blocks at least: fewer say little of what drifts. A runtime that times itself gets a process each, and fewer. */
const leastBlocks = { here: 10, there: 5 }
/** A model that is ready within this is loaded anew for each block, since where it comes to lie in memory is luck that a verdict must not hang on. */
const reloadMs = 100

type Block = { readonly times: readonly number[] } | { readonly timing: Timing }

/** Loads `model` into `runner` and times it on one `input` (raw bytes in the input tensor's type). */
export async function measureLatency(
  runner: Runner,
  model: Uint8Array,
  input: Uint8Array,
  options: Partial<LatencyOptions> = {},
): Promise<Measurement> {
  const asked = { ...latencyDefaults, ...options }
  const { initMs, preflashed } = await runner.load(model)
  const before = await runner.conditions?.()
  const started = performance.now()
  const left = () => asked.maxMs - (performance.now() - started)
  const first = runner.time ? await runner.time(input, { runs: 2, minMs: 0, warmUp: 0 }) : await runner.invoke(input, 1)
  const least = runner.time ? leastBlocks.there : leastBlocks.here
  const blocks: Block[] = []
  const medians: number[] = []
  let [runs, spentMs] = [0, 0]
  let range: [number, number] = [0, 0]
  const enough = () =>
    blocks.length >= least && runs >= asked.minRuns && spentMs >= asked.minMs && isNarrow(range, medianOf(medians), asked.width)
  while (!enough() && (left() > 0 || runs < 2)) {
    const share = { runs: Math.max(2, Math.ceil(asked.minRuns / least)), minMs: asked.minMs / least, warmUp: asked.warmUp }
    const made = runner.time
      ? await timedThere(runner.time, input, share)
      : await timedHere(runner, model, input, share, left, initMs < reloadMs && !preflashed)
    blocks.push(made.block)
    medians.push(made.medianMs)
    runs += made.runs
    spentMs += made.spentMs
    range = medianRange(medians, medianOf(medians))
  }
  const after = await runner.conditions?.()
  const description = await runner.describe()
  const steady = steadyOf(blocks)
  const within = medianRange(medians, steady.medianMs)
  const medianRangeMs = acrossRuns(within, steady.medianMs)
  const narrow = isNarrow(within, steady.medianMs, asked.width) && medians.length >= Math.min(least, 3)
  const unstable = unstableWhy({ narrow, medianRangeMs, asked, before, after })
  return {
    runner: description.runner,
    description,
    latency: {
      initMs: 'initMs' in first ? first.initMs : initMs,
      firstMs: 'firstMs' in first ? first.firstMs : first.durationsMs[0]!,
      ...steady,
      medianRangeMs,
      ...(unstable && { unstable }),
    },
    ...(before && after && { conditions: { before, after } satisfies { before: Conditions; after: Conditions } }),
    ...(runner.layers && { layers: await runner.layers(input) }),
  }
}

const isNarrow = ([low, high]: readonly [number, number], medianMs: number, width: number) => high - low <= width * medianMs

type Made = { readonly block: Block; readonly medianMs: number; readonly runs: number; readonly spentMs: number }
type Share = { readonly runs: number; readonly minMs: number; readonly warmUp: number }

async function timedThere(time: NonNullable<Runner['time']>, input: Uint8Array, share: Share): Promise<Made> {
  const timing = await time(input, share)
  return { block: { timing }, medianMs: timing.medianMs, runs: timing.runs, spentMs: timing.meanMs * timing.runs }
}

async function timedHere(
  runner: Runner,
  model: Uint8Array,
  input: Uint8Array,
  share: Share,
  left: () => number,
  reload: boolean,
): Promise<Made> {
  if (reload) await runner.load(model)
  if (share.warmUp) await runner.invoke(repeat(input, share.warmUp), share.warmUp)
  const times: number[] = []
  let spentMs = 0
  while (times.length < 2 || ((times.length < share.runs || spentMs < share.minMs) && left() > 0)) {
    const one = times.length ? spentMs / times.length : Infinity
    // As many as the rest of the block should take, in few requests.
    const count = Math.max(2, Math.min(1_000, Math.ceil(Math.max(share.runs - times.length, (share.minMs - spentMs) / one || 0))))
    const { durationsMs } = await runner.invoke(repeat(input, count), count)
    times.push(...durationsMs)
    spentMs = times.reduce((a, b) => a + b, 0)
    if (spentMs === 0)
      throw new DeviceError('bad-reply', 'the clock there stands still', {
        found: `${times.length} times of 0`,
        hint: 'Is its timer started?',
      })
  }
  return { block: { times }, medianMs: medianOf(times), runs: times.length, spentMs }
}

const repeat = (input: Uint8Array, times: number): Uint8Array => {
  const all = new Uint8Array(input.length * times)
  for (let i = 0; i < times; i++) all.set(input, i * input.length)
  return all
}

function steadyOf(blocks: readonly Block[]): Omit<LatencyStats, 'initMs' | 'firstMs' | 'medianRangeMs'> {
  const there = blocks.flatMap((block) => ('timing' in block ? [block.timing] : []))
  return there.length ? pooled(there) : statistics(blocks.flatMap((block) => ('times' in block ? block.times : [])))
}
