/** Says which kind of file some bytes look like, by their first bytes. */
const starts = (bytes: Uint8Array, at: number, text: string): boolean =>
  bytes.length >= at + text.length && [...text].every((c, i) => bytes[at + i] === c.charCodeAt(0))

/** Magic numbers, where they stand, and what the file is then. */
const magics: readonly (readonly [number, string, string])[] = [
  [0, '\x1f\x8b', 'a gzip file: unpack it first'],
  [0, 'PK\x03\x04', 'a zip file (a .keras or .zip archive)'],
  [0, '\x89HDF\r\n\x1a\n', 'an HDF5 file (a Keras .h5)'],
  [0, '\x7fELF', 'an ELF executable or library'],
  [0, '\x89PNG', 'a PNG image'],
  [0, '\xff\xd8\xff', 'a JPEG image'],
  [0, '\x93NUMPY', 'a NumPy array'],
  [0, '%PDF', 'a PDF document'],
  [0, 'version https://git-lfs', 'a Git LFS pointer: run git lfs pull'],
  [4, 'TFL1', 'a TFLite file of version 1'],
  [4, 'TFL2', 'a TFLite file of version 2'],
  [4, 'ORTM', 'an ONNX Runtime .ort file'],
]

const printable = (byte: number): boolean => byte >= 32 || (byte >= 9 && byte <= 13)

/** An ONNX model opens with its IR version (field 1, a varint) and then a length-delimited field. */
const looksLikeOnnx = (bytes: Uint8Array): boolean => bytes[0] === 8 && bytes[1]! > 0 && bytes[1]! < 64 && (bytes[2]! & 7) === 2

/** A SavedModel opens with its schema version, 1, and a length-delimited meta graph. */
const looksLikeSavedModel = (bytes: Uint8Array): boolean => bytes[0] === 8 && bytes[1] === 1 && bytes[2] === 0x12

/** What the bytes look like, in words; undefined where nothing fits. */
export function fileType(bytes: Uint8Array): string | undefined {
  const magic = magics.find(([at, text]) => starts(bytes, at, text))
  if (magic) return magic[2]
  if (starts(bytes, 4, 'TFL')) return 'a TFLite file of another version'
  const head = bytes.subarray(0, 512)
  if (head.every((b) => b === 0)) return 'a run of zero bytes'
  if (looksLikeSavedModel(bytes)) return 'a TensorFlow SavedModel (protobuf)'
  if (looksLikeOnnx(bytes)) return 'an ONNX model (protobuf)'
  if (head.every(printable)) return starts(bytes, 0, '{') || starts(bytes, 0, '[') ? 'JSON text' : 'text'
  return undefined
}
