/** Opens a data set, whatever its format. */
import { existsSync } from 'node:fs'
import { UserError } from '../errors.ts'
import type { DataFormat, DataSet, OpenOptions } from './define.ts'
import * as formats from './index.ts'

export const dataFormats: readonly DataFormat[] = Object.values(formats)

/** Picks the format that recognises `source`: a folder, or the name of an embedded set. Throws a UserError for anything else. */
export async function openDataSet(source: string, options: OpenOptions): Promise<DataSet> {
  const format = dataFormats.find((each) => each.recognises(source))
  if (format) return format.open(source, options)
  throw new UserError('unknown-data', `no data set is known at ${source}`, {
    found: existsSync(source) ? `${source}, in no known format` : `${source} does not exist`,
    expected: dataFormats.map(({ name, says }) => `${name}: ${says}`).join('; '),
    hint: 'give a folder in one of these formats, or roadsigns',
  })
}
