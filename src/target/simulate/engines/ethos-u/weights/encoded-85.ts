/** How many bytes the weights of some output channels take on a U85, and what the choice of their format asks for. */
import { roundUp } from '../operation.ts'
import { streamBytes } from './encoded-bytes.ts'
import type { Source } from './order.ts'
import { type Encoding85, isSparse, ordered85 } from './order-85.ts'

export type Encoded = {
  readonly bytes: number
  /** Weights with the zeros that fill their order. */
  readonly elements: number
  readonly zeros: number
  readonly distinct: number
}

const counted = new WeakMap<object, Map<string, Encoded | undefined>>()

/** Undefined where the weights are not as sparse as the format asks, or their range is too wide for the fast format. */
export function encoded85(source: Source, from: number, to: number, encoding: Encoding85): Encoded | undefined {
  const { block, accelerator, sparse, fast, strides, dilations, ifmBits } = encoding
  const depth = Math.min(block.ofm[2], roundUp(to - from, block.unit[2]))
  const name = [
    ...[from, to, source.zero, source.depth, ...source.strides, ...source.gaps, depth, block.ifm[2], block.unit[2], block.traversal],
    ...[accelerator.cores, accelerator.macsPerCycle, sparse, fast, ...strides, ...dilations, ifmBits],
  ].join()
  const known = counted.get(source.data) ?? new Map<string, Encoded | undefined>()
  counted.set(source.data, known)
  if (known.has(name)) return known.get(name)
  const shallow = { ...encoding, block: { ...block, ofm: [block.ofm[0], block.ofm[1], depth] as const } }
  const found = sparse && !isSparse(source, to) ? undefined : count(source, from, to, shallow)
  known.set(name, found)
  return found
}

function count(source: Source, from: number, to: number, encoding: Encoding85): Encoded | undefined {
  const { cores } = encoding.accelerator
  let [bytes, elements] = [0, 0]
  const counts = new Int32Array(1024)
  for (let stream = 0; stream < cores; stream++) {
    const weights = ordered85(source, from, to, encoding, stream, cores)
    elements += weights.length
    for (let i = 0; i < weights.length; i++) counts[weights[i]! + 512]!++
    if (!encoding.fast) bytes += streamBytes(weights)
  }
  const zeros = counts[512]!
  const used = [...counts.keys()].filter((at) => counts[at]! > 0)
  const distinct = used.length
  const [least, most] = [Math.min(0, used[0]! - 512), Math.max(0, used.at(-1)! - 512)]
  if (!encoding.fast) return { bytes, elements, zeros, distinct }
  const raw = distinct > 16 || encoding.sparse
  if (raw && most - least >= 256) return undefined
  const bits = raw ? 8 : distinct > 4 ? 4 : 2
  return { bytes: roundUp(32 + Math.ceil((elements * bits) / 8), 32), elements, zeros, distinct }
}
