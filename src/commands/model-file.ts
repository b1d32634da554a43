/** A model file named on the command line. */
import { readFile } from 'node:fs/promises'
import { UserError } from '../errors.ts'
import { readTflite } from '../formats/tflite/read.ts'
import type { Graph } from '../graph/ir/graph.ts'
import type { Target } from '../target/profiles/schema.ts'

export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path))
  } catch (cause) {
    throw new UserError('cannot-read', `cannot read ${path}: ${(cause as Error).message}`, { cause, hint: 'Give the path of a file.' })
  }
}

export async function readModel(
  path: string,
): Promise<{ readonly bytes: Uint8Array; readonly graph: Graph<'quantised'> | Graph<'imported'> }> {
  const bytes = await readBytes(path)
  return { bytes, graph: readTflite(bytes) }
}

/** Throws UserError `not-quantised` for a float model, where only an int8 one makes sense. */
export async function readQuantised(path: string): Promise<{ readonly bytes: Uint8Array; readonly graph: Graph<'quantised'> }> {
  const { bytes, graph } = await readModel(path)
  if (graph.phase === 'quantised') return { bytes, graph }
  throw new UserError('not-quantised', `${path} is a float model`, {
    found: 'float32 activations',
    expected: 'an int8 model',
    hint: `Quantise it first: peapod quantise ${path} --data D --out M.tflite`,
  })
}

/** For a target: a float model where that is what the machine takes, else an int8 one. Throws UserError `not-quantised`. */
export async function readFor({ artefact }: Pick<Target, 'artefact'>, path: string): Promise<Graph> {
  return artefact === 'float-model' ? (await readModel(path)).graph : (await readQuantised(path)).graph
}
