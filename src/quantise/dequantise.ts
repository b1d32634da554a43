/** The real numbers that a quantised constant stands for. */
import type { Tensor } from '../graph/ir/graph.ts'
import { channelOf } from './affine.ts'

export function dequantised({ data, quant, shape }: Pick<Tensor, 'data' | 'quant' | 'shape'>): Float32Array {
  const { scale, zero, axis } = quant!
  const at = channelOf(shape, scale.length > 1 ? axis : -1)
  return Float32Array.from({ length: data!.length }, (_, i) => scale[at(i)]! * (Number(data![i]) - (zero[at(i)] ?? zero[0]!)))
}
