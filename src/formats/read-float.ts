/** Reads a float model, whatever its format. */
import { existsSync } from 'node:fs'
import { UserError } from '../errors.ts'
import type { Graph } from '../graph/ir/graph.ts'
import * as all from './index.ts'

/** Throws UserError `unknown-format` or `cannot-read`, or what the format throws. */
export async function readFloat(path: string): Promise<Graph<'imported'>> {
  const formats = Object.values(all)
  if (!existsSync(path)) throw new UserError('cannot-read', `there is no file ${path}`, { hint: 'Give the path of a float model.' })
  const format = formats.find((f) => f.recognises(path))
  if (format) return format.read(path)
  throw new UserError('unknown-format', `${path} is in no format of float models that Peapod reads`, {
    expected: formats.map((f) => f.says).join(', '),
  })
}
