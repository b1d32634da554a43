/** An image folder: ROOT/{train,validation,test}/CLASS/*.png, .jpg or .webp; the class names are the folders of train, sorted. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { bits, key } from '../graph/math/random.ts'
import { decodedSplit, type LabelledItem } from './decode/decoded-split.ts'
import type { DataFormat } from './define.ts'
import { readSettings } from './folder.ts'
import { imageFiles } from './image-files.ts'

type Size = readonly [height: number, width: number]

const layout = 'ROOT/{train,validation,test}/CLASS/*.png, .jpg or .webp; validation may be missing'

const foldersIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
        .sort()
    : []

function entriesIn(root: string, part: string, classes: readonly string[]): LabelledItem[] {
  const unknown = foldersIn(join(root, part)).find((name) => !classes.includes(name))
  if (unknown !== undefined) {
    const found = `${join(root, part, unknown)}`
    throw new UserError('unknown-class', `${part} has a class that train lacks`, { found, expected: classes.join(', ') })
  }
  const entries = classes.flatMap((name, label) => {
    const folder = join(root, part, name)
    const files = existsSync(folder) ? readdirSync(folder).sort() : []
    return files.filter((file) => imageFiles.test(file)).map((file): LabelledItem => ({ image: join(folder, file), label }))
  })
  if (entries.length) return entries
  throw new UserError('empty-split', `${join(root, part)} holds no image`, { found: 'no .png, .jpg or .webp', expected: layout })
}

/** One image in eight, by a hash of its class and file name, so that it stays where it is when others come or go. */
function held(root: string, { image }: LabelledItem, seed: number): boolean {
  const name = image.slice(root.length).split(/[\\/]/).slice(-2).join('/')
  const word = createHash('sha256').update(name).digest().readInt32LE()
  return bits(key(seed, 'shuffle', word), 0) % 8 === 0
}

/**
 * Images are turned as their EXIF says, and brought to one size: the caller's, or that of dataset.json, or 32 x 32.
 * Where there is no validation folder, one training image in eight is held back, chosen by its name and the seed.
 */
export const imageFolder: DataFormat = {
  name: 'image-folder',
  says: layout,
  recognises: (source) => foldersIn(join(source, 'train')).length > 0,
  async open(source, options) {
    const { mirrors = false, size: fromFile, skipCorrupt: allowed } = await readSettings(source)
    const skipCorrupt = options.skipCorrupt ?? allowed
    const size: Size = options.size ?? fromFile ?? [32, 32]
    const classes = foldersIn(join(source, 'train'))
    if (classes.length < 2)
      throw new UserError('too-few-classes', `${source} has one class`, { found: classes.join(), expected: 'at least 2 folders in train' })
    const all = entriesIn(source, 'train', classes)
    const apart = existsSync(join(source, 'validation'))
    const train = apart ? all : all.filter((entry) => !held(source, entry, options.seed))
    const validation = apart ? entriesIn(source, 'validation', classes) : all.filter((entry) => held(source, entry, options.seed))
    if (!train.length || !validation.length) {
      const expected = 'images enough to hold some back'
      throw new UserError('empty-split', `${source} is too small to hold back a validation split`, {
        found: `${all.length} images in train`,
        expected,
      })
    }
    const test = entriesIn(source, 'test', classes)
    const open = (items: readonly LabelledItem[]) => decodedSplit(items, { size, skipCorrupt, memoryBytes: options.memoryBytes })
    const opened = { train: await open(train), validation: await open(validation), test: await open(test) }
    const splits = { train: opened.train.split, validation: opened.validation.split, test: opened.test.split }
    const skipped = Object.values(opened).flatMap((each) => each.skipped)
    return { name: basename(resolve(source)), classes, splits, mirrors, ...(skipped.length && { skipped }) }
  },
}
