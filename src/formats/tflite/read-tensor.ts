/** One tensor of a file, its constant elements included. */
import { bytesPerElement, type Data, type DType, type Shape, size, type Tensor, view } from '../../graph/ir/graph.ts'
import { readQuant } from './read-quant.ts'
import { corrupt, label, unsupported } from './refuse.ts'
import { type Tensor as Table, TensorType } from './schema/tflite.ts'
import { dtypeOf, nameIn } from './tensor-types.ts'

/** Reads of one file share the typed arrays of its buffers. */
export type Constants = { readonly buffers: readonly Uint8Array[]; readonly arrays: Map<string, Data> }

const maxRank = 8
const maxBytes = 2 ** 31 - 1

/** Throws UserError where a law of tensors is broken; `index` is the tensor's number in the file. */
export function readTensor(table: Table, index: number, constants: Constants): Tensor {
  const name = table.name() ?? ''
  const place = `Tensor ${index}${name && ` (${label(name, index)})`}`
  const dtype = dtypeOf(table.type())
  if (!dtype) {
    const type = nameIn(TensorType, table.type())
    if (!type) throw corrupt(`${place}.type`, 'is no tensor type', table.type(), 'a number of the schema', table.bb_pos)
    throw unsupported(
      place,
      `has elements of type ${type}`,
      type,
      'float32, int8, uint8, int16, int32, int64, bool or float16',
      'Convert the network to int8.',
    )
  }
  if (table.sparsity())
    throw unsupported(place, 'is sparse', 'sparsity parameters', 'dense tensors', 'Convert the network without sparse storage.')
  if (table.isVariable())
    throw unsupported(place, 'is a variable', 'a state that outlives a run', 'no variables', 'Export the network without state.')
  if (table.externalBuffer())
    throw unsupported(place, 'lies in another file', 'an external buffer', 'data in this file', 'Export the network as one file.')
  const shape = shapeOf(table, dtype, place)
  const quant = readQuant(table.quantization(), shape, dtype, place)
  const data = dataOf(table, dtype, shape, place, constants)
  return { name, shape, dtype, ...(quant && { quant }), ...(data && { data }) }
}

function shapeOf(table: Table, dtype: DType, place: string): Shape {
  const rank = table.shapeLength()
  if (rank > maxRank) throw corrupt(`${place}.shape`, 'has too many dimensions', rank, `at most ${maxRank}`, table.bb_pos)
  const shape = Array.from(table.shapeArray() ?? [])
  const bad = shape.find((dim) => dim < 1)
  if (bad !== undefined)
    throw corrupt(`${place}.shape`, 'has no elements', `[${shape.join(', ')}]`, 'dimensions of at least 1', table.bb_pos)
  // Products of 32-bit dimensions stay exact until they pass the limit by far.
  if (size(shape) * bytesPerElement(dtype) > maxBytes) {
    throw corrupt(`${place}.shape`, 'is absurdly large', `[${shape.join(', ')}]`, 'less than 2 GiB', table.bb_pos)
  }
  return shape
}

function dataOf(table: Table, dtype: DType, shape: Shape, place: string, { buffers, arrays }: Constants): Data | undefined {
  const index = table.buffer()
  const bytes = buffers[index]
  if (index !== 0 && !bytes) throw corrupt(`${place}.buffer`, 'is no buffer', index, `less than ${buffers.length}`, table.bb_pos)
  if (index === 0 || !bytes?.length) return undefined
  const wanted = size(shape) * bytesPerElement(dtype)
  if (bytes.length !== wanted) {
    throw corrupt(
      `${place}.buffer`,
      `does not hold [${shape.join(', ')}] of ${dtype}`,
      `${bytes.length} bytes`,
      `${wanted} bytes`,
      table.bb_pos,
    )
  }
  const key = `${index} ${dtype}`
  const known = arrays.get(key)
  if (known) return known
  const aligned = bytes.byteOffset % bytesPerElement(dtype) ? bytes.slice() : bytes
  const data = view(dtype, aligned.buffer, aligned.byteOffset, size(shape))
  arrays.set(key, data)
  return data
}
