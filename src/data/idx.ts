/** IDX files, as MNIST and its like come (LeCun et al. 1998): big-endian sizes, then uint8 images; labels in a file beside them. */
import { basename, join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import type { DataFormat, Split } from './define.ts'
import { hasFile, readMaybeGzipped, readSettings } from './folder.ts'
import { heldBack } from './held-back.ts'
import { classesOf, requirePairs } from './numbered-classes.ts'
import { splitOf } from './split.ts'

const unsignedByte = 0x08
const layout = 'train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, each may be gzipped'

type Idx = { readonly dims: readonly number[]; readonly data: Uint8Array; readonly path: string }

/** Some copies have a dot where the original has a dash. */
const fileOf = (folder: string, name: string): string => [name, name.replace('-idx', '.idx')].find((each) => hasFile(folder, each)) ?? name

async function readIdx(folder: string, name: string, ranks: readonly number[]): Promise<Idx> {
  const file = fileOf(folder, name)
  const path = join(folder, file)
  const bytes = await readMaybeGzipped(folder, file)
  const refuse = (code: string, found: string) =>
    new UserError(code, `${path} is not an IDX file that Peapod reads`, {
      found,
      expected: `0, 0, type 8 (uint8), ${ranks.join(' or ')} dimensions, their sizes as big-endian int32, then the data`,
    })
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const rank = bytes[3] ?? 0
  if (bytes[0] !== 0 || bytes[1] !== 0 || bytes[2] !== unsignedByte || !ranks.includes(rank))
    throw refuse('bad-idx', `the first bytes ${Buffer.from(bytes.subarray(0, 4)).toString('hex') || 'missing'}`)
  if (bytes.length < 4 + 4 * rank) throw refuse('truncated-data', `${bytes.length} bytes`)
  const dims = Array.from({ length: rank }, (_, i) => head.getUint32(4 + 4 * i))
  const data = bytes.subarray(4 + 4 * rank)
  const elements = dims.reduce((a, b) => a * b, 1)
  if (data.length !== elements) throw refuse('truncated-data', `${data.length} bytes of data for sizes ${dims.join(' x ')}`)
  if (elements === 0)
    throw new UserError('empty-split', `${path} is empty`, { found: `sizes ${dims.join(' x ')}`, expected: 'at least one image' })
  return { dims, data, path }
}

async function part(folder: string, name: 'train' | 't10k'): Promise<{ readonly split: Split; readonly path: string }> {
  const rank = ['idx3', 'idx4'].find((each) => hasFile(folder, fileOf(folder, `${name}-images-${each}-ubyte`))) ?? 'idx3'
  const images = await readIdx(folder, `${name}-images-${rank}-ubyte`, [3, 4])
  const labels = await readIdx(folder, `${name}-labels-idx1-ubyte`, [1])
  const [count, height, width, channels = 1] = images.dims as [number, number, number, number?]
  requirePairs(count, labels.dims[0]!, images.path, labels.path)
  const bytes = height * width * channels
  const split = splitOf([height, width, channels], Int32Array.from(labels.data), (index, into, offset) =>
    into.set(images.data.subarray(index * bytes, (index + 1) * bytes), offset),
  )
  return { split, path: labels.path }
}

/** One training image in eight is held back to validate. */
export const idx: DataFormat = {
  name: 'idx',
  says: `a folder with ${layout}`,
  recognises: (source) => ['idx3', 'idx4'].some((rank) => hasFile(source, fileOf(source, `train-images-${rank}-ubyte`))),
  async open(source, { seed }) {
    const { mirrors = false } = await readSettings(source)
    const [all, test] = [await part(source, 'train'), await part(source, 't10k')]
    const classes = await classesOf(
      source,
      [all, test].map(({ split, path }) => ({ labels: split.labels, path })),
    )
    return { name: basename(resolve(source)), classes, splits: { ...heldBack(all.split, seed, source), test: test.split }, mirrors }
  },
}
