/** NumPy's array files, versions 1.0 to 3.0 of the format (NEP 1): little-endian, C order. */
import { UserError } from './errors.ts'

const kinds = {
  '|i1': Int8Array,
  '|u1': Uint8Array,
  '|b1': Uint8Array,
  '<i2': Int16Array,
  '<u2': Uint16Array,
  '<i4': Int32Array,
  '<i8': BigInt64Array,
  '<f4': Float32Array,
  '<f8': Float64Array,
} as const
export type NpyKind = keyof typeof kinds
export type NpyArray = {
  readonly kind: NpyKind
  readonly shape: readonly number[]
  readonly data: InstanceType<(typeof kinds)[NpyKind]>
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

export const isNpy = (bytes: Uint8Array): boolean => magic.every((m, i) => bytes[i] === m)

/** Throws UserError `bad-npy`; `name` is the file's, for the message. */
export function readNpy(bytes: Uint8Array, name: string): NpyArray {
  const refuse = (found: string): never => {
    throw new UserError('bad-npy', `${name} is not a NumPy array file that Peapod reads`, {
      found,
      expected: `.npy, C order, one of ${Object.keys(kinds).join(' ')}`,
      hint: 'Save it with numpy.save(file, numpy.ascontiguousarray(array)).',
    })
  }
  if (!isNpy(bytes) || bytes.length < 12) return refuse('no NumPy magic')
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const wide = bytes[6]! >= 2
  const length = wide ? head.getUint32(8, true) : head.getUint16(8, true)
  const start = (wide ? 12 : 10) + length
  if (start > bytes.length) return refuse('a header that ends behind the file')
  const header = new TextDecoder().decode(bytes.subarray(wide ? 12 : 10, start))
  const kind = header.match(/'descr':\s*'([^']+)'/)?.[1] as NpyKind
  const dims = header.match(/'shape':\s*\(([\d,\s]*)\)/)?.[1]
  if (!(kind in kinds) || dims === undefined) return refuse(`the header ${header.trim()}`)
  if (!/'fortran_order':\s*False/.test(header)) return refuse('Fortran order')
  const shape = dims
    .split(',')
    .map((d) => d.trim())
    .filter(Boolean)
    .map(Number)
  const count = shape.reduce((a, b) => a * b, 1)
  const Kind = kinds[kind]
  if (bytes.length - start !== count * Kind.BYTES_PER_ELEMENT)
    return refuse(`${bytes.length - start} bytes of data for shape (${shape}) of ${kind}`)
  const own = Uint8Array.prototype.slice.call(bytes, start) // a Buffer's own slice is no copy
  return { kind, shape, data: new Kind(own.buffer, 0, count) }
}

/** Version 1.0, the data aligned to 64 bytes as NumPy does. */
export function writeNpy({ kind, shape, data }: NpyArray): Uint8Array {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const header = `{'descr': '${kind}', 'fortran_order': False, 'shape': (${dims}), }`
  const padded = `${header.padEnd(Math.ceil((10 + header.length + 1) / 64) * 64 - 11)}\n`
  const bytes = new Uint8Array(10 + padded.length + data.byteLength)
  bytes.set([...magic, 1, 0, padded.length & 255, padded.length >> 8])
  bytes.set(new TextEncoder().encode(padded), 10)
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + padded.length)
  return bytes
}
