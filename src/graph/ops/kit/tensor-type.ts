/** An attribute that names a type of elements, in the order of the schema's TensorType. */
import { oneOf } from '../define.ts'

export const tensorType = (slot: number) =>
  oneOf(slot, 'float32', 'float16', 'int32', 'uint8', 'int64', 'string', 'bool', 'int16', 'complex64', 'int8')
