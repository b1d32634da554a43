/** A small data folder of CIFAR records, made of the embedded road signs: real images, quick to train on. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { splitNames } from '../../src/data/define.ts'
import { openDataSet } from '../../src/data/load.ts'

const plane = 32 * 32

/** Writes `counts` images of each split into `folder`, and returns it. */
export async function writeSmallSigns(folder: string, counts = { train: 128, validation: 40, test: 40 }): Promise<string> {
  const set = await openDataSet('roadsigns', { seed: 5 })
  await mkdir(folder, { recursive: true })
  for (const name of splitNames) {
    const { labels, read } = set.splits[name]
    const records = new Uint8Array(counts[name] * (1 + 3 * plane))
    const image = new Uint8Array(3 * plane)
    for (let i = 0; i < counts[name]; i++) {
      read(i, image, 0)
      const at = i * (1 + 3 * plane)
      records[at] = labels[i]!
      for (let p = 0; p < plane; p++) for (let c = 0; c < 3; c++) records[at + 1 + c * plane + p] = image[p * 3 + c]!
    }
    await writeFile(join(folder, `${name}.bin.gz`), gzipSync(records))
  }
  await writeFile(join(folder, 'labels.txt'), `${set.classes.join('\n')}\n`)
  return folder
}
