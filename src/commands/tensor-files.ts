/** Inputs and outputs of a model as files: .npy, or raw bytes in the tensor's own type. */
import { UserError } from '../errors.ts'
import { bytesPerElement, type Data, type DType, type Graph, size, type Tensor, view } from '../graph/ir/graph.ts'
import { isNpy, type NpyKind, readNpy, writeNpy } from '../npy.ts'
import { writeWhole } from '../runs/files.ts'
import { readBytes } from './model-file.ts'

const npyKinds: Partial<Readonly<Record<DType, NpyKind>>> = {
  float32: '<f4',
  int8: '|i1',
  uint8: '|u1',
  int16: '<i2',
  int32: '<i4',
  int64: '<i8',
  bool: '|b1',
}

export function onlyOne(graph: Graph, ids: readonly number[], what: string): Tensor {
  if (ids.length === 1) return graph.tensors[ids[0]!]!
  throw new UserError('several-tensors', `this model has ${ids.length} ${what}s`, {
    expected: 'one',
    hint: 'Use the library’s prepareExecutor for others.',
  })
}

export async function readInputs(path: string, input: Tensor): Promise<Exclude<Data, BigInt64Array>> {
  const bytes = await readBytes(path)
  const each = size(input.shape) * bytesPerElement(input.dtype)
  const expected = `${input.dtype} [${input.shape}], ${each} bytes each`
  let raw = bytes
  if (isNpy(bytes)) {
    const { kind, data } = readNpy(bytes, path)
    if (kind !== npyKinds[input.dtype])
      throw new UserError('bad-input', `${path} holds another type than the model’s input`, { found: kind, expected })
    raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  }
  if (raw.length === 0 || raw.length % each)
    throw new UserError('bad-input', `${path} does not hold a whole number of inputs`, { found: `${raw.length} bytes`, expected })
  const own = raw.slice()
  return view(input.dtype, own.buffer, 0, own.length / bytesPerElement(input.dtype)) as Exclude<Data, BigInt64Array>
}

export async function writeOutputs(path: string, { dtype, shape }: Tensor, bytes: Uint8Array, count: number): Promise<void> {
  const kind = npyKinds[dtype]
  if (!path.endsWith('.npy') || !kind) return writeWhole(path, bytes)
  const data = view(dtype, bytes.buffer, 0, bytes.length / bytesPerElement(dtype))
  await writeWhole(path, writeNpy({ kind, shape: [count, ...shape.slice(1)], data: data as Int8Array<ArrayBuffer> }))
}
