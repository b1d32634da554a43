/** A model's weights, moving statistics included, as arrays by name. */
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { weightsByName } from '../backends/weight-names.ts'

export type Weights = ReadonlyMap<string, Float32Array>

/** Copies. */
export const readWeights = (model: LayersModel): Weights =>
  new Map([...weightsByName(model)].map(([name, weight]) => [name, (weight.read().dataSync() as Float32Array).slice()]))

/** Every weight of the model must be there, in its size. */
export function writeWeights(model: LayersModel, weights: Weights): void {
  for (const [name, weight] of weightsByName(model))
    tf.tidy(() => void weight.write(tf.tensor(weights.get(name)!, weight.shape as number[])))
}

/** The first weight that holds a NaN or an infinity. */
export const firstNonFiniteWeight = (weights: Weights): string | undefined =>
  [...weights].find(([, values]) => !values.every(Number.isFinite))?.[0]
