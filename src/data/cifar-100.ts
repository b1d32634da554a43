/** CIFAR-100 as its authors distribute it (Krizhevsky 2009, binary version): a coarse and a fine label before each image. */
import { basename, join, resolve } from 'node:path'
import type { DataFormat } from './define.ts'
import { hasFile, readLabels, readMaybeGzipped, readSettings } from './folder.ts'
import { heldBack } from './held-back.ts'
import { planarSplit } from './planar.ts'

const forms = {
  coarse: { labelBytes: 2, label: 0, namesFile: 'coarse_label_names.txt' },
  fine: { labelBytes: 2, label: 1, namesFile: 'fine_label_names.txt' },
}

/** The fine labels count unless dataset.json says `"labels": "coarse"`. One training image in eight is held back to validate. */
export const cifar100: DataFormat = {
  name: 'cifar-100',
  says: 'a folder with train.bin, test.bin, fine_label_names.txt and coarse_label_names.txt',
  recognises: (source) => hasFile(source, 'train.bin') && hasFile(source, forms.fine.namesFile),
  async open(source, { seed }) {
    const { mirrors = true, labels = 'fine' } = await readSettings(source)
    const form = forms[labels]
    const classes = await readLabels(source, form.namesFile)
    const open = async (name: string) => planarSplit(await readMaybeGzipped(source, name), join(source, name), classes.length, form)
    const splits = { ...heldBack(await open('train.bin'), seed, source), test: await open('test.bin') }
    return { name: basename(resolve(source)), classes, splits, mirrors }
  },
}
