/** Folders of images with a mask each: what their layouts have in common. */
import { existsSync, readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import sharp from 'sharp'
import { UserError } from '../errors.ts'
import { decodedSplit, type LabelledItem } from './decode/decoded-split.ts'
import type { DataSet, OpenOptions } from './define.ts'
import type { Settings } from './folder.ts'

/** Sizes of networks that halve the image three times. */
const multiple = 8

export const filesIn = (folder: string, pattern: RegExp): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .flatMap((entry) => (!entry.isDirectory() && pattern.test(entry.name) ? [entry.name] : []))
        .sort()
    : []

/** Pairs each image with its mask, one of `masks`. Throws UserErrors `unpaired-labels` for an image or a mask without its other half, and `empty-split`. */
export function pairs(
  images: readonly string[],
  masks: readonly string[],
  maskOf: (image: string) => string,
  where: string,
): LabelledItem[] {
  if (!images.length)
    throw new UserError('empty-split', `${where} holds no image`, { found: 'no image', expected: 'images, each with a mask' })
  const items = images.map((image): LabelledItem & { readonly mask: string } => {
    const mask = maskOf(image)
    if (existsSync(mask)) return { image, mask, label: 0 }
    throw new UserError('unpaired-labels', `${image} has no mask`, { found: 'no such file', expected: mask })
  })
  const used = new Set(items.map(({ mask }) => mask))
  const alone = masks.find((mask) => !used.has(mask))
  if (alone === undefined) return items
  throw new UserError('unpaired-labels', `${alone} has no image`, { found: 'no such file', expected: `its image in ${where}` })
}

export type Masked = {
  readonly classes: readonly string[]
  readonly parts: Readonly<Record<'train' | 'validation' | 'test', readonly LabelledItem[]>>
  /** The class of each value of a mask; 255 is ignored, `unknownClass` refused. */
  readonly table: Uint8Array
  readonly size?: OpenOptions['size']
}

/**
 * Images keep their size (the first one's) unless the caller or dataset.json says another; to the right and below edge pixels are repeated up to
 * a multiple of 8, where the mask is ignored.
 */
export async function openMasked(source: string, masked: Masked, settings: Settings, options: OpenOptions): Promise<DataSet> {
  const { classes, parts, table } = masked
  const size = options.size ?? settings.size ?? masked.size ?? (await sizeOf(parts.train[0]!.image))
  const [below, right] = size.map((n) => (multiple - (n % multiple)) % multiple) as [number, number]
  const open = (items: readonly LabelledItem[]) =>
    decodedSplit(items, {
      size,
      below,
      right,
      table,
      skipCorrupt: options.skipCorrupt ?? settings.skipCorrupt,
      memoryBytes: options.memoryBytes,
    })
  const opened = { train: await open(parts.train), validation: await open(parts.validation), test: await open(parts.test) }
  const skipped = Object.values(opened).flatMap((each) => each.skipped)
  return {
    name: basename(resolve(source)),
    classes,
    splits: { train: opened.train.split, validation: opened.validation.split, test: opened.test.split },
    mirrors: settings.mirrors ?? true,
    ...(skipped.length && { skipped }),
  }
}

async function sizeOf(path: string): Promise<readonly [number, number]> {
  try {
    const { height, width } = await sharp(path).metadata()
    return [height, width]
  } catch (cause) {
    throw new UserError('bad-image', `${path} cannot be read`, {
      found: (cause as Error).message,
      expected: 'a whole PNG, JPEG or WebP image',
      cause,
    })
  }
}

export const tableOf = (classOf: (value: number) => number): Uint8Array => Uint8Array.from({ length: 256 }, (_, value) => classOf(value))

export const pathsIn = (folder: string, pattern: RegExp): string[] => filesIn(folder, pattern).map((file) => join(folder, file))
