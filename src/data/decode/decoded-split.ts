/** A split of image files: decoded when it is opened where all fit into memory, else when they are read. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Split } from '../define.ts'
import { splitOf } from '../split.ts'
import { badImage, type Item, openStream, type StreamOptions } from './stream.ts'

export const usualMemoryBytes = 2 ** 29

export type LabelledItem = Item & { readonly label: number }

export type DecodeOptions = Omit<StreamOptions, 'memoryBytes'> & {
  readonly memoryBytes?: number | undefined
  readonly skipCorrupt?: boolean | undefined
}

/** Throws UserError `bad-image` for a file that cannot be read: now, or when it is read; with `skipCorrupt` such files are left out and named. */
export async function decodedSplit(
  items: readonly LabelledItem[],
  { memoryBytes = usualMemoryBytes, skipCorrupt = false, ...options }: DecodeOptions,
): Promise<{ readonly split: Split; readonly skipped: readonly string[] }> {
  const stream = openStream(items, { ...options, memoryBytes })
  if (stream.whole || skipCorrupt) {
    const bad = await stream.check()
    const [first] = bad
    if (first && !skipCorrupt) throw badImage(items[first[0]]!, first[1])
    if (first) {
      stream.close()
      const good = items.filter((_, i) => !bad.has(i))
      const { split } = await decodedSplit(good, { memoryBytes, ...options })
      return { split, skipped: items.filter((_, i) => bad.has(i)).map(({ image }) => image) }
    }
  }
  const { size, right = 0, below = 0, table } = options
  const shape = [size[0] + below, size[1] + right, 3] as const
  const split = splitOf(
    shape,
    Int32Array.from(items, ({ label }) => label),
    (index, into, offset) => into.set(stream.item(index).image, offset),
    {
      ...(table && { mask: (index, into, offset) => into.set(stream.item(index).mask, offset) }),
      ahead: (indices) => stream.ahead(indices),
      ...(!stream.whole && { digest: () => filesDigest(items, shape) }),
    },
  )
  return { split, skipped: [] }
}

/** SHA-256 over the shape, and for each item its label and the bytes of its files. */
function filesDigest(items: readonly LabelledItem[], shape: readonly number[]): string {
  const hash = createHash('sha256').update(`files ${shape.join(' ')}`)
  for (const { image, mask, label } of items) {
    hash.update(`${label} `)
    for (const path of mask === undefined ? [image] : [image, mask]) hash.update(createHash('sha256').update(readFileSync(path)).digest())
  }
  return hash.digest('hex')
}
