/** The weights that a training begins with, where the project names a file of them: `train.init`. */
import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Project } from '../config/schema.ts'
import { UserError } from '../errors.ts'
import type { LayerWeights } from '../formats/define.ts'
import { layeredFormats, readLayerWeights } from '../formats/read-float.ts'
import { startWasm } from '../training/backends/eager/start-wasm.ts'
import { type Begun, beginWith } from '../training/fit/begin-with.ts'
import { checkpointWeights } from '../training/fit/checkpoint-weights.ts'

const inRun = ['train/weights.bin', 'train/unfinished.bin', 'weights.bin']
const forms = `a run folder or its ${inRun[0]}, ${layeredFormats}`

/** Throws UserErrors `cannot-read`, `unknown-format`, `checkpoint-damaged`, `checkpoint-version`, and what the format throws. */
async function read(path: string): Promise<readonly LayerWeights[]> {
  if (!existsSync(path))
    throw new UserError('cannot-read', `there is nothing at ${path} to begin with`, { found: 'no such file', expected: forms })
  const folder = statSync(path).isDirectory()
  const file = folder ? inRun.map((name) => join(path, name)).find(existsSync) : path
  if (file === undefined)
    throw new UserError('unknown-format', `${path} holds no weights to begin with`, { found: `no ${inRun.join(', no ')}`, expected: forms })
  if (!folder && !file.endsWith('.bin')) {
    await startWasm() // tfjs reads a model into tensors
    return readLayerWeights(file)
  }
  try {
    return checkpointWeights(new Uint8Array(await readFile(file)))
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause
    const { code, message, found = '', expected = '' } = cause
    throw new UserError(code, `${file}: ${message}`, { cause, found, expected, hint: 'Begin with another file, or without train.init.' })
  }
}

const held = new WeakMap<Project, Promise<readonly LayerWeights[]>>()

/** Once a project: read for the digest, and again for the weights. */
function once(project: Project, path: string): Promise<readonly LayerWeights[]> {
  const layers = held.get(project) ?? read(path)
  held.set(project, layers)
  return layers
}

/** SHA-256 over names and values; undefined where the training begins with drawn weights alone. */
export async function beginDigest(project: Project): Promise<string | undefined> {
  const path = project.train.init
  if (path === undefined) return undefined
  const hash = createHash('sha256')
  for (const { layer, weights } of await once(project, path))
    for (const [slot, { data }] of weights) {
      hash.update(`${layer}/${slot} ${data.length} `)
      hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    }
  return hash.digest('hex')
}

/** Undefined where there is nothing to begin with. Throws UserError `init-matches-nothing` and what reading throws. */
export async function begin(project: Project, model: LayersModel): Promise<(Begun & { readonly source: string }) | undefined> {
  const path = project.train.init
  return path === undefined ? undefined : { source: path, ...beginWith(model, await once(project, path), path) }
}

/** What a person must know before epochs are spent on it. */
export const beginLines = ({ source, by, taken, drawn, unused }: Begun & { readonly source: string }): string[] => [
  `begins with ${taken.length} of ${taken.length + drawn.length} layers of ${source}${by === 'order' ? ', by their order: no name is shared' : ''}`,
  ...drawn.map(({ layer, why }) => `drawn anew: ${layer}: ${why}`),
  ...(unused.length ? [`not used of the file: ${unused.join(', ')}`] : []),
]
