/** Reads the weight files that the model.json of tfjs names: all beside it, none elsewhere. */
import { realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import type { io } from '@tensorflow/tfjs-core'
import { UserError } from '../errors.ts'
import { MOST_BYTES, readBytes } from './read-bytes.ts'

/** The bytes of each group, its files one after the other. Throws UserError `unreadable-model`, `unsafe-path` and `too-large`. */
export async function readManifest(model: string, manifest: io.WeightsManifestConfig): Promise<Uint8Array[]> {
  const folder = await realpath(dirname(model))
  let left = MOST_BYTES
  const groups: Uint8Array[] = []
  for (const { paths } of manifest) {
    const files: Uint8Array[] = []
    for (const path of paths) {
      const bytes = await readBytes(await inside(folder, path), left)
      left -= bytes.length
      files.push(bytes)
    }
    groups.push(Buffer.concat(files))
  }
  return groups
}

async function inside(folder: string, path: unknown): Promise<string> {
  const refuse = (why: string): UserError =>
    new UserError('unsafe-path', `the model names a weight file ${why}`, {
      found: String(path),
      expected: 'names of files beside model.json',
      hint: 'put the weight files into the folder of model.json',
    })
  if (typeof path !== 'string' || isAbsolute(path) || path.split(/[/\\]/).includes('..')) throw refuse('that leads out of its folder')
  try {
    const real = await realpath(join(folder, path))
    const way = relative(folder, real)
    if (way.startsWith(`..${sep}`) || isAbsolute(way)) throw refuse('that is a link out of its folder')
    return real
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw new UserError('unreadable-model', `cannot read the weight file ${path}`, {
      cause,
      hint: 'give the path of model.json; its weight files lie beside it',
    })
  }
}
