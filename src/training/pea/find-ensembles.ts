/** The ensembles of a model, those of nested models included. */
import { LayersModel } from '@tensorflow/tfjs-layers'
import { Ensemble } from './ensemble.ts'

/** In topological order of layers; a layer that is used twice counts once. */
export function findEnsembles(model: LayersModel): Ensemble[] {
  const found = model.layers.flatMap((layer) =>
    layer instanceof Ensemble ? [layer] : layer instanceof LayersModel ? findEnsembles(layer) : [],
  )
  return [...new Set(found)]
}

/** Gives each ensemble its own stream of draws, by its place, and the seed of the run; returns them. */
export function numberEnsembles(model: LayersModel, seed: number): Ensemble[] {
  const found = findEnsembles(model)
  for (const [stream, ensemble] of found.entries()) Object.assign(ensemble, { stream, seed })
  return found
}
