/** How many bytes the weights of some output channels take once they are encoded for the accelerator. */
import { roundUp } from '../operation.ts'
import { runBits, runDivisor, stretches, weightBits } from './golomb.ts'
import { type Bricks, ordered, type Source } from './order.ts'
import { HISTOGRAM, type Palette, paletteOf } from './palette.ts'

const MAX_SLICE = (1 << 15) - 1
const HEADER_BITS = 23
const PALETTE_BITS = 13
const END_BITS = 3

/** Weights that the encoder looks at together; each such section has a palette of its own. */
const SECTION = 128 * 1024

/** Bytes of one stream, a multiple of 16. Its histogram is added to `total`. */
export function streamBytes(weights: Int16Array, total?: Int32Array): number {
  let bits = END_BITS
  for (let from = 0; from === 0 || from < weights.length; from += SECTION)
    bits += sectionBits(weights.subarray(from, from + SECTION), total)
  return roundUp(Math.ceil(bits / 8), 16)
}

/** Adds how often each weight occurs, at weight + 256. */
export function countInto(histogram: Int32Array, weights: Int16Array): void {
  for (let i = 0; i < weights.length; i++) histogram[weights[i]! + 256]!++
}

function sectionBits(weights: Int16Array, total?: Int32Array): number {
  const histogram = new Int32Array(HISTOGRAM)
  countInto(histogram, weights)
  if (total) for (let at = 0; at < HISTOGRAM; at++) total[at]! += histogram[at]!
  const palette = paletteOf(weights, histogram)
  return sliceBits(split(weights, palette), palette)
}

/** The indices to code, and the length of the run of zeros before each and behind the last. */
type Split = { readonly values: Int32Array; readonly count: number; readonly runs: Int32Array; readonly runCount: number }

/** Room for one section, used again by the next. */
let [values, runs] = [new Int32Array(0), new Int32Array(0)]

function split(weights: Int16Array, { indices, zeroRuns, onlyZeros }: Palette): Split {
  if (values.length < weights.length) values = new Int32Array(Math.max(weights.length, 8192))
  if (!zeroRuns) {
    for (let i = 0; i < weights.length; i++) values[i] = indices[weights[i]! + 256]!
    return { values, count: weights.length, runs, runCount: 0 }
  }
  if (runs.length < values.length + 1) runs = new Int32Array(values.length + 1)
  let count = 0
  let run = 0
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!
    // A stream of zeros only must still hold one coded weight: its first.
    if (weight === 0 && !(onlyZeros && i === 0)) run++
    else {
      runs[count] = run
      values[count++] = indices[weight + 256]!
      run = 0
    }
  }
  runs[count] = run
  return { values, count, runs, runCount: count + 1 }
}

function sliceBits({ values, count, runs, runCount }: Split, palette: Palette): number {
  const coded = stretches(values, count, palette.plainBits)
  const divisor = runCount > 0 ? runDivisor(runs, runCount) : 0
  let bits = PALETTE_BITS + palette.size * palette.bits
  let [from, w] = [0, 0]
  do {
    const end = Math.min(coded[w]?.end ?? 0, from + MAX_SLICE)
    bits += HEADER_BITS
    if (coded[w]) bits += weightBits(values, from, end, coded[w]!.code, palette.plainBits)
    // The first slice also holds the run before its first weight.
    if (runCount > 0) bits += runBits(runs, from === 0 ? 0 : from + 1, end + 1, divisor)
    from = end
    while (coded[w] && coded[w]!.end <= from) w++
  } while (from < count)
  return bits
}

/** Sizes already counted, by the weights they belong to: configurations of one family ask for the same. */
const counted = new WeakMap<object, Map<string, number>>()

/** Encoded bytes of output channels [from, to); the channels of several cores are dealt out in turn, each core with its own stream. */
export function encodedBytes(source: Source, from: number, to: number, bricks: Bricks, cores: number): number {
  const sizes = counted.get(source.data) ?? new Map<string, number>()
  counted.set(source.data, sizes)
  // Where one block holds all channels, its exact depth makes no difference.
  const depth = Math.min(bricks.ofmBlockDepth, roundUp(to - from, bricks.ofmUblockDepth * cores))
  const name = [
    from,
    to,
    cores,
    source.zero,
    source.depth,
    ...source.strides,
    ...source.gaps,
    depth,
    bricks.traversal,
    bricks.ofmUblockDepth,
    bricks.ifmBits,
  ].join()
  const seen = sizes.get(name)
  if (seen !== undefined) return seen
  let bytes = 0
  for (let core = 0; core < cores; core++) {
    const channels: number[] = []
    for (let c = from + core; c < to; c += cores) channels.push(c)
    const share = { ...bricks, ofmBlockDepth: Math.max(1, Math.ceil(depth / cores)) }
    if (channels.length > 0) bytes += streamBytes(ordered(source, channels, share))
  }
  sizes.set(name, bytes)
  return bytes
}
