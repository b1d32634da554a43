/** The layers of a model, those of nested models in their place. */
import { LayersModel, type layers } from '@tensorflow/tfjs-layers'

/** In topological order; a layer that is used twice counts once. */
export const layersOf = (model: LayersModel): layers.Layer[] => [
  ...new Set(model.layers.flatMap((layer) => (layer instanceof LayersModel ? layersOf(layer) : [layer]))),
]
