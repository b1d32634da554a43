/** Saved tfjs layers models as a source of float models. */
import { LayersModel } from '@tensorflow/tfjs-layers'
import type { FloatFormat, LayerWeights } from '../define.ts'
import { isGraphModel } from '../tfjs-json.ts'
import { importLayers } from './import-layers.ts'
import { layerSpec } from './layer-spec.ts'
import { readLayersModel } from './read.ts'

export const tfjsLayers: FloatFormat = {
  name: 'tfjs-layers',
  says: 'the model.json of a tfjs layers model',
  recognises: (path) => path.endsWith('.json') && !isGraphModel(path),
  read: async (path) => importLayers(await readLayersModel(path)),
  weights: async (path) => weightsOf(await readLayersModel(path)),
}

const weightsOf = ({ layers }: LayersModel): LayerWeights[] =>
  layers.flatMap((layer) => {
    if (layer instanceof LayersModel) return weightsOf(layer)
    if (!layer.weights.length) return []
    const spec = layerSpec(layer, layer.name)
    const slots = layer.weights.map(({ originalName }) => originalName.split('/').at(-1)!)
    return [{ layer: layer.name, weights: new Map(slots.map((slot) => [slot, spec.weight(slot)!])) }]
  })
