/** Pairs of NumPy arrays: train_images.npy and train_labels.npy, and so for test and, where there is one, validation. */
import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { readNpy } from '../npy.ts'
import type { DataFormat, Split, SplitName } from './define.ts'
import { readMaybeGzipped, readSettings } from './folder.ts'
import { heldBack } from './held-back.ts'
import { classesOf, requirePairs } from './numbered-classes.ts'
import { splitOf } from './split.ts'

const layout =
  'train_images.npy uint8 [count, height, width] or [count, height, width, 1 or 3], train_labels.npy whole numbers [count], test_images.npy, test_labels.npy'

async function part(folder: string, name: SplitName): Promise<{ readonly split: Split; readonly path: string }> {
  const [imagesPath, labelsPath] = [`${name}_images.npy`, `${name}_labels.npy`].map((file) => join(folder, file)) as [string, string]
  const images = readNpy(await readMaybeGzipped(folder, `${name}_images.npy`), imagesPath)
  const labels = readNpy(await readMaybeGzipped(folder, `${name}_labels.npy`), labelsPath)
  const [count = 0, height = 0, width = 0, channels = 1] = images.shape
  if (images.kind !== '|u1' || ![3, 4].includes(images.shape.length) || ![1, 3].includes(channels))
    throw new UserError('bad-images', `${imagesPath} does not hold images`, {
      found: `${images.kind} [${images.shape.join(', ')}]`,
      expected: 'uint8 [count, height, width] or [count, height, width, 1 or 3]',
      hint: 'save pixels of 0 to 255, channels last: how they become inputs is Peapod’s to settle',
    })
  const numbers = Array.from(labels.data as ArrayLike<number | bigint>, Number)
  if (labels.shape.slice(1).some((d) => d !== 1) || !numbers.every(Number.isInteger))
    throw new UserError('bad-labels', `${labelsPath} does not hold class indices`, {
      found: `${labels.kind} [${labels.shape.join(', ')}]`,
      expected: 'whole numbers [count]',
      hint: 'of one-hot labels save numpy.argmax(labels, axis=1)',
    })
  requirePairs(count, numbers.length, imagesPath, labelsPath)
  if (!images.data.length)
    throw new UserError('empty-split', `${imagesPath} is empty`, { found: `[${images.shape.join(', ')}]`, expected: 'at least one image' })
  const bytes = height * width * channels
  const pixels = images.data as Uint8Array
  const split = splitOf([height, width, channels], Int32Array.from(numbers), (index, into, offset) =>
    into.set(pixels.subarray(index * bytes, (index + 1) * bytes), offset),
  )
  return { split, path: labelsPath }
}

/** Without validation files, one training image in eight is held back to validate. */
export const npyPairs: DataFormat = {
  name: 'npy',
  says: `a folder with ${layout}`,
  recognises: (source) => existsSync(join(source, 'train_images.npy')),
  async open(source, { seed }) {
    const { mirrors = false } = await readSettings(source)
    const apart = existsSync(join(source, 'validation_images.npy'))
    const [all, test] = [await part(source, 'train'), await part(source, 'test')]
    const validation = apart ? await part(source, 'validation') : undefined
    const parts = [all, test, ...(validation ? [validation] : [])]
    for (const { split, path } of parts)
      if (`${split.shape}` !== `${all.split.shape}`)
        throw new UserError('bad-images', `the images beside ${path} are not of the size of those in train`, {
          found: split.shape.join(' x '),
          expected: all.split.shape.join(' x '),
        })
    const classes = await classesOf(
      source,
      parts.map(({ split, path }) => ({ labels: split.labels, path })),
    )
    const splits = validation ? { train: all.split, validation: validation.split } : heldBack(all.split, seed, source)
    return { name: basename(resolve(source)), classes, splits: { ...splits, test: test.split }, mirrors }
  },
}
