/** How many bytes the weights of some output channels take on a U85, and what the choice of their format asks for. */
import { roundUp } from '../operation.ts'
import { countInto, streamBytes } from './encoded-bytes.ts'
import type { Source } from './order.ts'
import { type Encoding85, isSparse, ordered85 } from './order-85.ts'
import { HISTOGRAM } from './palette.ts'

export type Encoded = {
  readonly bytes: number
  /** Weights with the zeros that fill their order. */
  readonly elements: number
  readonly zeros: number
  readonly distinct: number
}

/** What a stretch of weights holds whatever its format; `bytes` in the format that is decoded more slowly, where they were asked for. */
type Content = Omit<Encoded, 'bytes'> & { readonly bytes?: number; readonly range: number }

/** Null where the weights are not sparse. */
const counted = new WeakMap<object, Map<string, Content | null>>()

/** Undefined where the weights are not as sparse as the format asks, or their range is too wide for the fast format. */
export function encoded85(source: Source, from: number, to: number, encoding: Encoding85): Encoded | undefined {
  const { block, accelerator, sparse, fast, strides, dilations, ifmBits } = encoding
  const depth = Math.min(block.ofm[2], roundUp(to - from, block.unit[2]))
  const name = [
    ...[from, to, source.zero, source.depth, ...source.strides, ...source.gaps, depth, block.ifm[2], block.unit[2], block.traversal],
    ...[accelerator.cores, accelerator.macsPerCycle, sparse, ...strides, ...dilations, ifmBits],
  ].join()
  const all = counted.get(source.data) ?? new Map<string, Content | null>()
  counted.set(source.data, all)
  let known = all.get(name)
  if (known === undefined || (known && !fast && known.bytes === undefined)) {
    const shallow = { ...encoding, block: { ...block, ofm: [block.ofm[0], block.ofm[1], depth] as const } }
    known = sparse && !isSparse(source, to) ? null : count(source, from, to, shallow)
    all.set(name, known)
  }
  if (!known) return undefined
  const { elements, zeros, distinct, range } = known
  if (!fast) return { bytes: known.bytes!, elements, zeros, distinct }
  const raw = distinct > 16 || sparse
  if (raw && range >= 256) return undefined
  const bits = raw ? 8 : distinct > 4 ? 4 : 2
  return { bytes: roundUp(32 + Math.ceil((elements * bits) / 8), 32), elements, zeros, distinct }
}

function count(source: Source, from: number, to: number, encoding: Encoding85): Content {
  const { cores } = encoding.accelerator
  let [bytes, elements] = [0, 0]
  const histogram = new Int32Array(HISTOGRAM)
  for (let stream = 0; stream < cores; stream++) {
    const weights = ordered85(source, from, to, encoding, stream, cores)
    elements += weights.length
    if (encoding.fast) countInto(histogram, weights)
    else bytes += streamBytes(weights, histogram)
  }
  let [distinct, least, most] = [0, 0, 0]
  for (let at = 0; at < HISTOGRAM; at++) {
    if (histogram[at] === 0) continue
    distinct++
    least = Math.min(least, at - 256)
    most = Math.max(most, at - 256)
  }
  return { ...(!encoding.fast && { bytes }), elements, zeros: histogram[256]!, distinct, range: most - least }
}
