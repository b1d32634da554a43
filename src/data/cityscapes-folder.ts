/** Cityscapes as its authors distribute it (Cordts et al. 2016): leftImg8bit/SPLIT/CITY/*_leftImg8bit.png, gtFine/SPLIT/CITY/*_gtFine_labelIds.png. */

import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { unknownClass } from './decode/worker-source.ts'
import { type DataFormat, ignored } from './define.ts'
import { readSettings } from './folder.ts'
import { heldBackFilms } from './held-back.ts'
import { openMasked, pairs, pathsIn, tableOf } from './segmentation.ts'

/** The 19 classes that its evaluation counts, in the order of their train ids, with their label ids. */
const trained = [
  [7, 'road'], [8, 'sidewalk'], [11, 'building'], [12, 'wall'], [13, 'fence'], [17, 'pole'], [19, 'traffic light'], [20, 'traffic sign'],
  [21, 'vegetation'], [22, 'terrain'], [23, 'sky'], [24, 'person'], [25, 'rider'], [26, 'car'], [27, 'truck'], [28, 'bus'], [31, 'train'],
  [32, 'motorcycle'], [33, 'bicycle'],
] as const // biome-ignore format: a table

/** The largest label id; a licence plate's, -1, is 255 in a file. */
const largestId = 33

const table = tableOf((id) => {
  const at = trained.findIndex(([own]) => own === id)
  return at >= 0 ? at : id <= largestId || id === 255 ? ignored : unknownClass
})

const imageName = /_leftImg8bit\.(png|jpe?g)$/

function partOf(source: string, part: string) {
  const folder = join(source, 'leftImg8bit', part)
  const cities = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
        .sort()
    : []
  const images = cities.flatMap((city) => pathsIn(join(folder, city), imageName))
  const maskOf = (image: string) =>
    join(source, 'gtFine', part, basename(dirname(image)), basename(image).replace(imageName, '_gtFine_labelIds.png'))
  const masks = cities.flatMap((city) => pathsIn(join(source, 'gtFine', part, city), /_gtFine_labelIds\.png$/))
  return pairs(images, masks, maskOf, folder)
}

/**
 * 256 x 512 unless said otherwise (as the paper trains). The labels of its test split are not public: val is the test, and the end of each
 * training city's drive validates.
 */
export const cityscapesFolder: DataFormat = {
  name: 'cityscapes-folder',
  says: 'ROOT/leftImg8bit/{train,val}/CITY/*_leftImg8bit.png with ROOT/gtFine/{train,val}/CITY/*_gtFine_labelIds.png',
  recognises: (source) => existsSync(join(source, 'leftImg8bit', 'train')),
  async open(source, options) {
    const parts = { ...heldBackFilms(partOf(source, 'train'), ({ image }) => dirname(image)), test: partOf(source, 'val') }
    return openMasked(
      source,
      { classes: trained.map(([, name]) => name), parts, table, size: [256, 512] },
      await readSettings(source),
      options,
    )
  },
}
