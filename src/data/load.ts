/** Opens a data set, whatever its format. */
import { existsSync } from 'node:fs'
import { UserError } from '../errors.ts'
import type { DataFormat, DataSet, OpenOptions } from './define.ts'
import * as formats from './index.ts'

export const dataFormats: readonly DataFormat[] = Object.values(formats)

/** Picks the format that recognises `source`: a folder, or the name of an embedded set. Throws a UserError for anything else. */
export async function openDataSet(source: string, options: OpenOptions): Promise<DataSet> {
  const format = dataFormats.find((each) => each.recognises(source))
  if (format) return requireSamples(await format.open(source, options), source)
  throw new UserError('unknown-data', `no data set is known at ${source}`, {
    found: existsSync(source) ? `${source}, in no known format` : `${source} does not exist`,
    expected: dataFormats.map(({ name, says }) => `${name}: ${says}`).join('; '),
    hint: 'give a folder in one of these formats, or roadsigns',
  })
}

/** A class that is never seen cannot be learned: its name is a mistake, or its images are missing. */
function requireSamples(set: DataSet, source: string): DataSet {
  const { train } = set.splits
  if (train.mask) return set
  const seen = new Set(train.labels)
  const missing = set.classes.filter((_, label) => !seen.has(label))
  if (!missing.length) return set
  throw new UserError('empty-class', `${missing.length} of the ${set.classes.length} classes have no image to train on`, {
    found: `none of ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ', …' : ''} in the training split of ${source}`,
    expected: 'at least one image of each class',
    hint: 'add images, or take the class out of the data set',
  })
}
