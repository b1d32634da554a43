/** The ensembles of a model, those of nested models included. */
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { layersOf } from '../networks/layers-of.ts'
import { Ensemble } from './ensemble.ts'

/** In topological order of layers. */
export const findEnsembles = (model: LayersModel): Ensemble[] => layersOf(model).filter((layer) => layer instanceof Ensemble)

/** Gives each ensemble its own stream of draws, by its place, and the seed of the run; returns them. */
export function numberEnsembles(model: LayersModel, seed: number): Ensemble[] {
  const found = findEnsembles(model)
  for (const [stream, ensemble] of found.entries()) Object.assign(ensemble, { stream, seed })
  return found
}
