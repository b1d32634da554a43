/** An image folder: ROOT/{train,validation,test}/CLASS/*.png or .jpg; the class names are the folders of train, sorted. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import sharp from 'sharp'
import { UserError } from '../errors.ts'
import { bits, key } from '../graph/math/random.ts'
import type { DataFormat, Split } from './define.ts'
import { readSettings } from './folder.ts'
import { splitOf } from './split.ts'

type Entry = { readonly path: string; readonly label: number }
type Size = readonly [height: number, width: number]

const layout = 'ROOT/{train,validation,test}/CLASS/*.png or .jpg; validation may be missing'
const mostBytes = 2 ** 31

const foldersIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
        .sort()
    : []

function entriesIn(root: string, part: string, classes: readonly string[]): Entry[] {
  const unknown = foldersIn(join(root, part)).find((name) => !classes.includes(name))
  if (unknown !== undefined) {
    const found = `${join(root, part, unknown)}`
    throw new UserError('unknown-class', `${part} has a class that train lacks`, { found, expected: classes.join(', ') })
  }
  const entries = classes.flatMap((name, label) => {
    const folder = join(root, part, name)
    const files = existsSync(folder) ? readdirSync(folder).sort() : []
    return files.filter((file) => /\.(png|jpe?g)$/i.test(file)).map((file): Entry => ({ path: join(folder, file), label }))
  })
  if (entries.length) return entries
  throw new UserError('empty-split', `${join(root, part)} holds no image`, { found: 'no .png or .jpg', expected: layout })
}

/** One image in eight, by a hash of its class and file name, so that it stays where it is when others come or go. */
function held(root: string, { path }: Entry, seed: number): boolean {
  const name = path.slice(root.length).split(/[\\/]/).slice(-2).join('/')
  const word = createHash('sha256').update(name).digest().readInt32LE()
  return bits(key(seed, 'shuffle', word), 0) % 8 === 0
}

async function decode({ path }: Entry, [height, width]: Size, into: Uint8Array, offset: number): Promise<void> {
  try {
    const image = sharp(path, { limitInputPixels: 100_000_000 }).rotate().flatten().toColourspace('srgb').removeAlpha()
    into.set(await image.resize(width, height, { fit: 'fill' }).raw().toBuffer(), offset)
  } catch (cause) {
    const found = (cause as Error).message.split('\n')[0]!
    throw new UserError('bad-image', `${path} cannot be read`, { found, expected: 'a whole PNG or JPEG image', cause })
  }
}

/** Decodes all images of a split into one array. */
async function decoded(entries: readonly Entry[], size: Size): Promise<Split> {
  const bytes = size[0] * size[1] * 3
  if (entries.length * bytes > mostBytes) {
    throw new UserError('data-too-large', 'the images of one split do not fit into memory', {
      found: `${entries.length} images of ${size.join(' x ')}`,
      expected: `at most ${mostBytes} bytes`,
      hint: 'set a smaller size in dataset.json',
    })
  }
  const images = new Uint8Array(entries.length * bytes)
  for (let i = 0; i < entries.length; i += 16) {
    await Promise.all(entries.slice(i, i + 16).map((entry, n) => decode(entry, size, images, (i + n) * bytes)))
  }
  return splitOf(
    [...size, 3],
    Int32Array.from(entries, ({ label }) => label),
    (index, into, offset) => {
      into.set(images.subarray(index * bytes, (index + 1) * bytes), offset)
    },
  )
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
    const { mirrors = false, size: fromFile } = await readSettings(source)
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
    const splits = { train: await decoded(train, size), validation: await decoded(validation, size), test: await decoded(test, size) }
    return { name: basename(resolve(source)), classes, splits, mirrors }
  },
}
