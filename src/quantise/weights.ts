/** Symmetric int8 weights in [-127, 127], one scale a channel, and the int32 biases that go with them. */
import { assert } from '../errors.ts'
import type { Quant, Tensor } from '../graph/ir/graph.ts'
import { quantised } from './affine.ts'
import { allowedScale, type Scheme, tfliteScheme } from './scheme.ts'

/** The least multiplier s_in * s_w / s_out: below 2^-31 kernels take it for 0 and lose the bias with it; at 2^-20 a weight still moves far less than a step. */
const leastMultiplier = 2 ** -20

/** The largest bias in steps: half of int32, the other half is for the products. */
const largestBias = 2 ** 30

/** The largest magnitude of each channel along `axis`, or of all where it is -1. */
export function weightPeaks({ shape, data }: Tensor, axis: number): Float64Array {
  const real = data as Float32Array
  const n = axis < 0 ? 1 : shape[axis]!
  const inner = axis < 0 ? real.length : shape.slice(axis + 1).reduce((a, b) => a * b, 1)
  const peak = new Float64Array(n)
  for (let at = 0, k = 0; at < real.length; k = (k + 1) % n)
    for (const end = at + inner; at < end; at++) peak[k] = Math.max(peak[k]!, Math.abs(real[at]!))
  return peak
}

/** Scales per channel along `axis`, or one for all where it is -1. Channels of zeros and near zeros get the least scale that keeps multiplier and bias in range. */
export function weightQuant(
  weights: Tensor,
  axis: number,
  bias: Tensor | undefined,
  inScale: number,
  outScale: number,
  scheme: Scheme = tfliteScheme,
  peak = weightPeaks(weights, axis),
): Quant {
  const n = peak.length
  const offset = new Float64Array(n)
  for (const [i, b] of ((bias?.data as Float32Array | undefined) ?? []).entries())
    offset[n > 1 ? i : 0] = Math.max(offset[n > 1 ? i : 0]!, Math.abs(b))
  const scale = Array.from(peak, (p, k) =>
    allowedScale(Math.max(p / 127, (leastMultiplier * outScale) / inScale, offset[k]! / (inScale * largestBias)), scheme),
  )
  return { scale, zero: scale.map(() => 0), axis: Math.max(axis, 0) }
}

export function quantiseWeights({ shape, data }: Tensor, quant: Quant): Int8Array {
  const n = quant.scale.length
  // Elements in a row that share a channel.
  const inner = n > 1 ? shape.slice(quant.axis + 1).reduce((a, b) => a * b, 1) : 1
  const [real, steps] = [data as Float32Array, new Int8Array(data!.length)]
  for (let at = 0, k = 0; at < real.length; k = (k + 1) % n)
    for (let end = Math.min(real.length, at + inner); at < end; at++) steps[at] = quantised(real[at]!, quant.scale[k]!, 0, -127, 127)
  return steps
}

/** int32 at scale s_in * s_w of its channel, zero 0. */
export function quantiseBias({ data }: Tensor, inScale: number, weights: Quant): { data: Int32Array; quant: Quant } {
  const scaleOf = (k: number): number => inScale * weights.scale[weights.scale.length > 1 ? k : 0]!
  const steps = Int32Array.from(data as Float32Array, (b, k) => {
    const q = quantised(b, scaleOf(k), 0, -(2 ** 31), 2 ** 31 - 1)
    assert(Math.abs(q) <= largestBias + 2 ** 8, `bias ${k} needs ${q} steps`)
    return q
  })
  const scale = weights.scale.map((s) => Math.fround(inScale * s))
  return { data: steps, quant: { scale, zero: scale.map(() => 0), axis: 0 } }
}
