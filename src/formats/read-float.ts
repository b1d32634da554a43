/** Reads a float model, whatever its format. */
import { existsSync } from 'node:fs'
import { UserError } from '../errors.ts'
import type { Graph } from '../graph/ir/graph.ts'
import * as all from './index.ts'

const formats = Object.values(all)

/** Every format in words, for a person. */
export const floatFormats: string = formats.map(({ says }) => says).join(', ')

/** Throws UserError `unknown-format` or `cannot-read`, or what the format throws. */
export async function readFloat(path: string): Promise<Graph<'imported'>> {
  if (!existsSync(path)) throw new UserError('cannot-read', `there is no file ${path}`, { hint: 'Give the path of a float model.' })
  const format = formats.find((f) => f.recognises(path))
  if (format) return format.read(path)
  throw new UserError('unknown-format', `${path} is in no format of float models that Peapod reads`, {
    expected: floatFormats,
  })
}
