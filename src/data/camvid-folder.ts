/** A segmentation folder in CamVid's layout (SegNet's packing): train and trainannot, val and valannot, test and testannot; a mask has its image's name, .png. */

import { existsSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { unknownClass } from './decode/worker-source.ts'
import { type DataFormat, ignored } from './define.ts'
import { readLabels, readSettings } from './folder.ts'
import { heldBackFilms } from './held-back.ts'
import { imageFiles } from './image-files.ts'
import { openMasked, pairs, pathsIn, tableOf } from './segmentation.ts'

/** CamVid's eleven classes in the order of that packing (Badrinarayanan et al. 2017); 11 is ignored. */
const camvid = ['sky', 'building', 'pole', 'road', 'pavement', 'tree', 'sign', 'fence', 'car', 'pedestrian', 'bicyclist']

const partOf = (source: string, part: string) =>
  pairs(
    pathsIn(join(source, part), imageFiles),
    pathsIn(join(source, `${part}annot`), /\.png$/),
    (image) => join(`${dirname(image)}annot`, `${basename(image, extname(image))}.png`),
    join(source, part),
  )

/** The film of a frame: what stands before its number. */
const filmOf = ({ image }: { readonly image: string }) => basename(image).replace(/[_-]?[^_-]*$/, '')

/** Classes are those of labels.txt, else CamVid's. Without a test folder val is the test, and the end of each training film validates. */
export const camvidFolder: DataFormat = {
  name: 'camvid-folder',
  says: 'ROOT/{train,val,test}/*.jpg or .png with class indices in ROOT/{train,val,test}annot/*.png; test may be missing; labels.txt where classes are not CamVid’s',
  recognises: (source) => existsSync(join(source, 'train')) && existsSync(join(source, 'trainannot')),
  async open(source, options) {
    const settings = await readSettings(source)
    const named = existsSync(join(source, 'labels.txt'))
    const classes = named ? await readLabels(source) : camvid
    const ignore = settings.ignore ?? (named ? ignored : camvid.length)
    const table = tableOf((value) => (value === ignore || value === ignored ? ignored : value < classes.length ? value : unknownClass))
    const [train, val] = [partOf(source, 'train'), partOf(source, 'val')]
    const parts = existsSync(join(source, 'test'))
      ? { train, validation: val, test: partOf(source, 'test') }
      : { ...heldBackFilms(train, filmOf), test: val }
    return openMasked(source, { classes, parts, table }, settings, options)
  },
}
