/** CIFAR-10 binary records (Krizhevsky 2009): a label byte, then 3,072 bytes of planar RGB, 32 x 32; a file for each split, gzipped or not. */
import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { type DataFormat, type Split, splitNames } from './define.ts'
import { readLabels, readMaybeGzipped, readSettings } from './folder.ts'
import { splitOf } from './split.ts'

const side = 32
const plane = side * side
const recordBytes = 1 + 3 * plane

/** Checks a file of records and makes a split of it; nothing is copied until an image is read. */
function records(bytes: Uint8Array, path: string, classes: readonly string[]): Split {
  const count = bytes.length / recordBytes
  if (bytes.length === 0)
    throw new UserError('empty-split', `${path} holds no record`, { found: '0 bytes', expected: 'at least one record' })
  if (!Number.isInteger(count)) {
    throw new UserError('bad-record-length', `${path} does not hold whole records`, {
      found: `${bytes.length} bytes, ${bytes.length % recordBytes} beyond the last whole record`,
      expected: `a multiple of ${recordBytes} bytes: a label, then 3,072 bytes of planar RGB`,
      hint: 'the file was cut short, or is of another format',
    })
  }
  const labels = Int32Array.from({ length: count }, (_, i) => bytes[i * recordBytes]!)
  const wrong = labels.findIndex((label) => label >= classes.length)
  if (wrong >= 0) {
    throw new UserError('label-out-of-range', `${path} holds a label that labels.txt does not name`, {
      found: `label ${labels[wrong]} in record ${wrong}`,
      expected: `0 to ${classes.length - 1}`,
      hint: 'name all classes in labels.txt',
    })
  }
  return splitOf([side, side, 3], labels, (index, into, offset) => {
    const from = index * recordBytes + 1
    for (let pixel = 0; pixel < plane; pixel++) {
      const at = offset + pixel * 3
      into[at] = bytes[from + pixel]!
      into[at + 1] = bytes[from + plane + pixel]!
      into[at + 2] = bytes[from + 2 * plane + pixel]!
    }
  })
}

export const cifarRecords: DataFormat = {
  name: 'cifar-records',
  says: 'a folder with train.bin, validation.bin, test.bin (each may be gzipped, .bin.gz) and labels.txt',
  recognises: (source) => splitNames.some((name) => existsSync(join(source, `${name}.bin.gz`)) || existsSync(join(source, `${name}.bin`))),
  async open(source) {
    const [classes, { mirrors = false }] = [await readLabels(source), await readSettings(source)]
    const open = async (name: string) => records(await readMaybeGzipped(source, `${name}.bin`), join(source, `${name}.bin`), classes)
    const splits = { train: await open('train'), validation: await open('validation'), test: await open('test') }
    return { name: basename(resolve(source)), classes, splits, mirrors }
  },
}
