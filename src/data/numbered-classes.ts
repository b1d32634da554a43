/** Class names of data sets that come without: labels.txt where there is one, else the numbers themselves. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import { readLabels } from './folder.ts'

/** Larger numbers are no class indices. */
const mostClasses = 2 ** 16

/** Throws UserErrors `label-out-of-range`, `too-few-classes` and those of `readLabels`. */
export async function classesOf(folder: string, all: readonly { readonly labels: Int32Array; readonly path: string }[]): Promise<string[]> {
  const largest = all.reduce((most, { labels }) => labels.reduce((a, b) => Math.max(a, b), most), 0)
  const names = existsSync(join(folder, 'labels.txt'))
    ? await readLabels(folder)
    : Array.from({ length: Math.min(largest + 1, mostClasses) }, (_, i) => `${i}`)
  if (names.length < 2) throw new UserError('too-few-classes', `${folder} has one class`, { found: names.join(), expected: 'at least 2' })
  for (const { labels, path } of all) {
    const wrong = labels.findIndex((label) => label < 0 || label >= names.length)
    if (wrong < 0) continue
    throw new UserError('label-out-of-range', `${path} holds a label that has no name`, {
      found: `label ${labels[wrong]} at ${wrong}`,
      expected: `0 to ${names.length - 1}`,
      hint: 'labels count from 0; labels.txt names all of them',
    })
  }
  return names
}

/** Throws UserError `unpaired-labels` where there is not one label an image. */
export function requirePairs(images: number, labels: number, imagesPath: string, labelsPath: string): void {
  if (images === labels) return
  throw new UserError('unpaired-labels', `${imagesPath} and ${labelsPath} do not belong together`, {
    found: `${images} images, ${labels} labels`,
    expected: 'one label an image',
  })
}
