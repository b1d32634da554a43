/** A checkpoint as one value and as bytes: JSON and named float32 arrays, with a digest that finds every damage. */
import { createHash } from 'node:crypto'
import { UserError } from '../../errors.ts'

export type Checkpoint = { readonly json: unknown; readonly arrays: ReadonlyMap<string, Float32Array> }

const magic = 'PEAPODCK'
const version = 1
const digestBytes = 32
const headBytes = magic.length + 8

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()

/** Magic, version and length of the text (uint32, little endian), the text, zeros up to 4 bytes, the arrays, SHA-256 of all before. */
export function encodeCheckpoint({ json, arrays }: Checkpoint): Uint8Array {
  const entries = [...arrays].map(([name, data]) => [name, data.length] as const)
  const text = new TextEncoder().encode(JSON.stringify({ json, arrays: entries }))
  const start = Math.ceil((headBytes + text.length) / 4) * 4
  const elements = entries.reduce((sum, [, length]) => sum + length, 0)
  const bytes = new Uint8Array(start + 4 * elements + digestBytes)
  bytes.set(new TextEncoder().encode(magic))
  const head = new DataView(bytes.buffer)
  head.setUint32(magic.length, version, true)
  head.setUint32(magic.length + 4, text.length, true)
  bytes.set(text, headBytes)
  let at = start
  for (const data of arrays.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    at += data.byteLength
  }
  bytes.set(sha256(bytes.subarray(0, at)), at)
  return bytes
}

const damaged = (found: string): UserError =>
  new UserError('checkpoint-damaged', 'The checkpoint is damaged or half written.', {
    found,
    expected: 'a checkpoint as Peapod wrote it',
    hint: 'Delete it to train from the beginning.',
  })

/** Throws `checkpoint-damaged` or `checkpoint-version`. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  if (bytes.length < headBytes + digestBytes) throw damaged(`${bytes.length} bytes`)
  if (new TextDecoder().decode(bytes.subarray(0, magic.length)) !== magic) throw damaged('another kind of file')
  const head = new DataView(bytes.buffer, bytes.byteOffset)
  const written = head.getUint32(magic.length, true)
  if (written !== version)
    throw new UserError('checkpoint-version', 'The checkpoint was written by another version of Peapod.', {
      found: `version ${written}`,
      expected: `version ${version}`,
      hint: 'Go on with the Peapod that wrote it, or delete it to train from the beginning.',
    })
  const end = bytes.length - digestBytes
  if (Buffer.compare(sha256(bytes.subarray(0, end)), bytes.subarray(end)) !== 0) throw damaged('bytes that do not match their digest')
  const textEnd = headBytes + head.getUint32(magic.length + 4, true)
  const { json, arrays } = JSON.parse(new TextDecoder().decode(bytes.subarray(headBytes, textEnd))) as {
    json: unknown
    arrays: [string, number][]
  }
  let at = Math.ceil(textEnd / 4) * 4
  const read = new Map<string, Float32Array>()
  for (const [name, length] of arrays) {
    read.set(name, new Float32Array(bytes.slice(at, at + 4 * length).buffer))
    at += 4 * length
  }
  return { json, arrays: read }
}
