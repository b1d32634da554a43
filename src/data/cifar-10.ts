/** CIFAR-10 as its authors distribute it (Krizhevsky 2009, binary version): five training batches, a test batch, and the names. */
import { basename, join, resolve } from 'node:path'
import type { DataFormat, Split } from './define.ts'
import { hasFile, readLabels, readMaybeGzipped, readSettings } from './folder.ts'
import { heldBack } from './held-back.ts'
import { planarSplit } from './planar.ts'

const namesFile = 'batches.meta.txt'
const batches = [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`)

/** One training image in eight is held back to validate. */
export const cifar10: DataFormat = {
  name: 'cifar-10',
  says: `a folder with ${batches[0]} to ${batches[4]}, test_batch.bin and ${namesFile}`,
  recognises: (source) => hasFile(source, batches[0]!),
  async open(source, { seed }) {
    const classes = await readLabels(source, namesFile)
    const { mirrors = true } = await readSettings(source)
    const split = (bytes: Uint8Array, name: string): Split =>
      planarSplit(bytes, join(source, name), classes.length, { labelBytes: 1, label: 0, namesFile })
    const parts = await Promise.all(batches.map(async (name) => ({ name, bytes: await readMaybeGzipped(source, name) })))
    for (const { name, bytes } of parts) split(bytes, name) // so that an error names its file
    const all = split(Buffer.concat(parts.map(({ bytes }) => bytes)), 'data_batch_*.bin')
    const test = split(await readMaybeGzipped(source, 'test_batch.bin'), 'test_batch.bin')
    return { name: basename(resolve(source)), classes, splits: { ...heldBack(all, seed, source), test }, mirrors }
  },
}
