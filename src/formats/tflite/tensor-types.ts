/** The graph's element types and the schema's numbers for them. */
import type { DType } from '../../graph/ir/graph.ts'
import { TensorType } from './schema/tflite.ts'

export const tensorTypes: Readonly<Record<DType, number>> = {
  float32: TensorType.FLOAT32,
  int8: TensorType.INT8,
  uint8: TensorType.UINT8,
  int16: TensorType.INT16,
  int32: TensorType.INT32,
  int64: TensorType.INT64,
  bool: TensorType.BOOL,
  float16: TensorType.FLOAT16,
}

const byNumber = new Map(Object.entries(tensorTypes).map(([dtype, n]) => [n, dtype as DType]))

/** The element type of a schema number; undefined where Peapod has none. */
export const dtypeOf = (type: number): DType | undefined => byNumber.get(type)

/** The schema's name of a number of one of its enums. */
export const nameIn = (numbers: Readonly<Record<string, number>>, wanted: number): string | undefined =>
  Object.keys(numbers).find((name) => numbers[name] === wanted)
