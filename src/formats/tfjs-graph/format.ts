/** Graph models of tfjs, which its converter makes of a SavedModel, as a source of float models. */
import { basename } from 'node:path'
import type { io } from '@tensorflow/tfjs-core'
import { UserError } from '../../errors.ts'
import type { FloatFormat } from '../define.ts'
import { readBytes } from '../read-bytes.ts'
import { isGraphModel } from '../tfjs-json.ts'
import { readManifest } from '../weights-manifest.ts'
import { importGraph } from './import-graph.ts'
import { parseNodes } from './parse.ts'
import { constantsIn } from './weights.ts'

type Signature = { readonly outputs?: Readonly<Record<string, { readonly name?: string }>> }

export const tfjsGraph: FloatFormat = {
  name: 'tfjs-graph',
  says: 'the model.json of a tfjs graph model (a converted SavedModel)',
  recognises: (path) => path.endsWith('.json') && isGraphModel(path),
  async read(path) {
    const {
      modelTopology,
      weightsManifest: manifest = [],
      signature,
    } = JSON.parse(Buffer.from(await readBytes(path)).toString('utf8')) as io.ModelJSON
    const grouped = Array.isArray(manifest) && manifest.every((group) => Array.isArray(group?.paths) && Array.isArray(group.weights))
    if (!grouped)
      throw new UserError('unreadable-model', `the weights manifest of ${path} cannot be read`, { expected: 'groups of paths and weights' })
    const outputs = Object.values((signature as Signature | undefined)?.outputs ?? {}).flatMap(({ name }) => name?.replace(/:0$/, '') ?? [])
    const nodes = parseNodes(modelTopology, path)
    return importGraph({
      name: basename(path, '.json'),
      nodes,
      outputs,
      constants: constantsIn(manifest, await readManifest(path, manifest)),
    })
  },
}
