/** CIFAR-10 binary records (Krizhevsky 2009): a label byte, then 3,072 bytes of planar RGB, 32 x 32; a file for each split, gzipped or not. */
import { basename, join, resolve } from 'node:path'
import { type DataFormat, splitNames } from './define.ts'
import { hasFile, readLabels, readMaybeGzipped, readSettings } from './folder.ts'
import { planarSplit } from './planar.ts'

/** CIFAR-100's own files have a train.bin too, of other records. */
const cifar100Names = 'fine_label_names.txt'
const form = { labelBytes: 1, label: 0, namesFile: 'labels.txt' }

export const cifarRecords: DataFormat = {
  name: 'cifar-records',
  says: 'a folder with train.bin, validation.bin, test.bin (each may be gzipped, .bin.gz) and labels.txt',
  recognises: (source) => splitNames.some((name) => hasFile(source, `${name}.bin`)) && !hasFile(source, cifar100Names),
  async open(source) {
    const [classes, { mirrors = false }] = [await readLabels(source), await readSettings(source)]
    const open = async (name: string) =>
      planarSplit(await readMaybeGzipped(source, `${name}.bin`), join(source, `${name}.bin`), classes.length, form)
    const splits = { train: await open('train'), validation: await open('validation'), test: await open('test') }
    return { name: basename(resolve(source)), classes, splits, mirrors }
  },
}
