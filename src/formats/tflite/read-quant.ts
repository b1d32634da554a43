/** A tensor's quantisation parameters, with the harmless quirks of real files made regular. */
import type { DType, Quant, Shape } from '../../graph/ir/graph.ts'
import { corrupt, unsupported } from './refuse.ts'
import type { QuantizationParameters } from './schema/tflite.ts'

/** The whole numbers that a type holds; types that are absent carry no quantisation. */
const ranges: Partial<Record<DType, readonly [number, number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2 ** 53), 2 ** 53],
}

/**
 * Undefined where the tensor has no scale. Quirks made regular: parameters of types that are not quantised are dropped, absent zero points
 * are zeros, and a dimension beyond the rank is 0 where one scale is meant, or one for each element of a vector
 * (tflite-micro's person_detect has dimension 3 on vectors).
 */
export function readQuant(params: QuantizationParameters | null, shape: Shape, dtype: DType, place: string): Quant | undefined {
  const range = ranges[dtype]
  if (!params || !range) return undefined
  if (params.detailsType() !== 0) {
    throw unsupported(
      place,
      'has custom quantisation details',
      `details of type ${params.detailsType()}`,
      'scales and zero points',
      'Quantise per tensor or per channel.',
    )
  }
  const count = params.scaleLength()
  if (count === 0) return undefined
  const axis = axisOf(params.quantizedDimension(), shape, count, place)
  const scale = Array.from(params.scaleArray()!)
  const bad = scale.find((s) => !(s > 0 && Number.isFinite(s)))
  if (bad !== undefined) throw corrupt(`${place}.quantization.scale`, 'is no scale', bad, 'finite scales above zero', params.bb_pos)
  const zeros = params.zeroPointLength()
  if (zeros !== 0 && zeros !== count) {
    throw corrupt(`${place}.quantization.zero_point`, 'has another length than scale', zeros, `${count}`, params.bb_pos)
  }
  const zero = zeros ? zeroPoints(params, count) : scale.map(() => 0)
  const out = zero.find((z) => z < range[0] || z > range[1])
  if (out !== undefined)
    throw corrupt(`${place}.quantization.zero_point`, `is no ${dtype}`, out, `${range[0]} to ${range[1]}`, params.bb_pos)
  return { scale, zero, axis }
}

function axisOf(stated: number, shape: Shape, count: number, place: string): number {
  const inside = stated >= 0 && stated < shape.length
  if (count === 1) return inside ? stated : 0
  const axis = !inside && shape.length === 1 ? 0 : stated
  if (axis < 0 || axis >= shape.length) {
    throw corrupt(`${place}.quantization.quantized_dimension`, 'is no dimension of the tensor', stated, `0 to ${shape.length - 1}`)
  }
  if (shape[axis] !== count) {
    throw corrupt(`${place}.quantization.scale`, `does not fit dimension ${axis}`, `${count} scales`, `1 or ${shape[axis]}`)
  }
  return axis
}

/** The generated code reads these one by one, with a look-up each; networks quantised per channel have thousands. */
function zeroPoints({ bb, bb_pos }: QuantizationParameters, count: number): number[] {
  const at = bb!.__vector(bb_pos + bb!.__offset(bb_pos, 10))
  return Array.from(new BigInt64Array(bb!.bytes().buffer, bb!.bytes().byteOffset + at, count), Number)
}
