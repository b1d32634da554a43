/** Saved tfjs layers models as a source of float models. */
import type { FloatFormat } from '../define.ts'
import { isGraphModel } from '../tfjs-json.ts'
import { importLayers } from './import-layers.ts'
import { readLayersModel } from './read.ts'

export const tfjsLayers: FloatFormat = {
  name: 'tfjs-layers',
  says: 'the model.json of a tfjs layers model',
  recognises: (path) => path.endsWith('.json') && !isGraphModel(path),
  read: async (path) => importLayers(await readLayersModel(path)),
}
