/** Reads a float model, whatever its format. */
import { existsSync } from 'node:fs'
import { UserError } from '../errors.ts'
import type { Graph } from '../graph/ir/graph.ts'
import type { LayerWeights } from './define.ts'
import * as all from './index.ts'

const formats = Object.values(all)

/** Those that know layers, in words. */
export const layeredFormats: string = formats.flatMap(({ says, weights }) => (weights ? [says] : [])).join(', ')

/** Every format in words, for a person. */
export const floatFormats: string = formats.map(({ says }) => says).join(', ')

/** Throws UserError `unknown-format` or `cannot-read`, or what the format throws. */
export async function readFloat(path: string): Promise<Graph<'imported'>> {
  requireFile(path)
  const format = formats.find((f) => f.recognises(path))
  if (format) return format.read(path)
  throw unknown(path, floatFormats)
}

/** The weights of a model layer by layer. Throws as `readFloat` does. */
export async function readLayerWeights(path: string): Promise<readonly LayerWeights[]> {
  requireFile(path)
  const format = formats.find((f) => f.recognises(path))
  if (format?.weights) return format.weights(path)
  throw unknown(path, layeredFormats)
}

function requireFile(path: string): void {
  if (!existsSync(path)) throw new UserError('cannot-read', `there is no file ${path}`, { hint: 'Give the path of a float model.' })
}

const unknown = (path: string, expected: string): UserError =>
  new UserError('unknown-format', `${path} is in no format of float models that Peapod reads`, { expected })
