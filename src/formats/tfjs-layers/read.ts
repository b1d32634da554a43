/** Reads a tf.LayersModel that tfjs or its converter saved: model.json and the weight files that it names. */
import { readFile } from 'node:fs/promises'
import type { io } from '@tensorflow/tfjs-core'
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers'
import { UserError } from '../../errors.ts'
import { readManifest } from '../weights-manifest.ts'

/** The format field of a model.json that holds layers; a graph-model is another format. */
const format = 'layers-model'

/** Throws UserError `unreadable-model`, `not-a-layers-model` and `unsafe-path`. */
export async function readLayersModel(path: string): Promise<LayersModel> {
  const load = async (): Promise<io.ModelArtifacts> => {
    const { modelTopology, weightsManifest = [], ...rest } = JSON.parse((await bytesOf(path)).toString('utf8')) as io.ModelJSON
    if (!modelTopology || (rest.format !== undefined && rest.format !== format))
      throw new UserError('not-a-layers-model', `${path} holds no layers model`, {
        found: rest.format ?? 'no model topology',
        expected: `a model.json of format ${format}`,
      })
    const all = Buffer.concat(await readManifest(path, weightsManifest))
    const weightSpecs = weightsManifest.flatMap((group) => group.weights)
    return { modelTopology, weightSpecs, weightData: all.buffer.slice(all.byteOffset, all.byteOffset + all.length) as ArrayBuffer }
  }
  try {
    return await loadLayersModel({ load })
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw new UserError('unreadable-model', `${path} is no readable layers model: ${(cause as Error).message}`, { cause })
  }
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new UserError('unreadable-model', `cannot read ${path}`, {
      cause,
      hint: 'give the path of model.json; its weight files lie beside it',
    })
  }
}
