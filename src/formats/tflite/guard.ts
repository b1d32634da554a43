/** Meets untrusted bytes: what it returns can be read through the generated accessors without leaving the file. */
import { ByteBuffer } from 'flatbuffers'
import { UserError } from '../../errors.ts'
import { fileType } from './file-type.ts'
import { corrupt, unsupported } from './refuse.ts'
import { Model } from './schema/tflite.ts'
import { Structure } from './structure.ts'

export type Guarded = { readonly model: Model; readonly structure: Structure; readonly bytes: Uint8Array }

const identifier = [0x54, 0x46, 0x4c, 0x33] // TFL3

/**
 * Proves the structure of a TFLite file: identifier, offsets, vtables, vectors, alignment, one subgraph, version 3.
 * Work and memory are bounded by a small multiple of the file's size.
 * Throws UserError `tflite-empty`, `tflite-not-tflite`, `tflite-truncated`, `tflite-corrupt` or `tflite-unsupported`.
 */
export function guard(file: Uint8Array): Guarded {
  recognise(file)
  // Accessors make typed arrays over the file, whose start must then be aligned.
  const bytes = file.byteOffset % 8 ? file.slice() : file
  const structure = new Structure(bytes)
  structure.root('Model')
  const model = Model.getRootAsModel(new ByteBuffer(bytes))
  if (model.version() !== 3) throw corrupt('Model.version', 'is another', model.version(), '3')
  if (model.subgraphsLength() === 0) throw corrupt('Model.subgraphs', 'is empty', 'no subgraph', 'one subgraph')
  if (model.subgraphsLength() > 1) {
    throw unsupported(
      'Model.subgraphs',
      'holds several subgraphs (control flow or several signatures)',
      `${model.subgraphsLength()} subgraphs`,
      'one subgraph',
      'Convert the network with one signature and without while and if.',
    )
  }
  return { model, structure, bytes }
}

function recognise(file: Uint8Array): void {
  if (file.length === 0) throw new UserError('tflite-empty', 'The TFLite file is empty', { found: '0 bytes', expected: 'a TFLite file' })
  const has = identifier.every((byte, i) => file[4 + i] === byte)
  if (has && file.length >= 8) return
  const type = fileType(file)
  const prefix = identifier.every((byte, i) => file.length <= 4 + i || file[4 + i] === byte)
  if (prefix && !type) {
    throw new UserError('tflite-truncated', 'The file ends before the identifier TFL3 of a TFLite file', {
      found: `${file.length} bytes`,
      expected: 'at least 8 bytes, with TFL3 at byte 4',
    })
  }
  throw new UserError('tflite-not-tflite', `This is no TFLite file${type ? `; it looks like ${type}` : ''}`, {
    found: type ?? `bytes ${[...file.subarray(4, 8)].map((b) => b.toString(16).padStart(2, '0')).join(' ')} at byte 4`,
    expected: 'the identifier TFL3 at byte 4',
  })
}
