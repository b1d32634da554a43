/** Records of planar RGB, 32 x 32 (Krizhevsky 2009): some label bytes, then 3,072 bytes of red, green and blue planes. */
import { UserError } from '../errors.ts'
import type { Split } from './define.ts'
import { splitOf } from './split.ts'

const side = 32
const plane = side * side

export type RecordForm = {
  /** Label bytes before each image, and which of them counts. */
  readonly labelBytes: number
  readonly label: number
  /** The file of names, for the message. */
  readonly namesFile: string
}

/** Checks a file of records and makes a split of it; nothing is copied until an image is read. */
export function planarSplit(bytes: Uint8Array, path: string, classes: number, { labelBytes, label, namesFile }: RecordForm): Split {
  const recordBytes = labelBytes + 3 * plane
  const count = bytes.length / recordBytes
  if (bytes.length === 0)
    throw new UserError('empty-split', `${path} holds no record`, { found: '0 bytes', expected: 'at least one record' })
  if (!Number.isInteger(count)) {
    throw new UserError('bad-record-length', `${path} does not hold whole records`, {
      found: `${bytes.length} bytes, ${bytes.length % recordBytes} beyond the last whole record`,
      expected: `a multiple of ${recordBytes} bytes: ${labelBytes === 1 ? 'a label' : `${labelBytes} labels`}, then 3,072 bytes of planar RGB`,
      hint: 'the file was cut short, or is of another format',
    })
  }
  const labels = Int32Array.from({ length: count }, (_, i) => bytes[i * recordBytes + label]!)
  const wrong = labels.findIndex((each) => each >= classes)
  if (wrong >= 0) {
    throw new UserError('label-out-of-range', `${path} holds a label that ${namesFile} does not name`, {
      found: `label ${labels[wrong]} in record ${wrong}`,
      expected: `0 to ${classes - 1}`,
      hint: `name all classes in ${namesFile}`,
    })
  }
  return splitOf([side, side, 3], labels, (index, into, offset) => {
    const from = index * recordBytes + labelBytes
    for (let pixel = 0; pixel < plane; pixel++) {
      const at = offset + pixel * 3
      into[at] = bytes[from + pixel]!
      into[at + 1] = bytes[from + plane + pixel]!
      into[at + 2] = bytes[from + 2 * plane + pixel]!
    }
  })
}
