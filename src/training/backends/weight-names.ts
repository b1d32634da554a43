/** The names by which steps and checkpoints speak of a model's weights. */
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers'

/**
 * Each weight of the model by a name that is the same in every process. tfjs makes the variable's own name unique in its
 * process (`conv1/kernel_1` on the second build), so the layer's name for it is taken, numbered where nested models repeat it.
 */
export function weightsByName(model: LayersModel): ReadonlyMap<string, LayerVariable> {
  const named = new Map<string, LayerVariable>()
  for (const weight of model.weights) {
    const { originalName } = weight
    let name = originalName
    for (let n = 2; named.has(name); n++) name = `${originalName}#${n}`
    named.set(name, weight)
  }
  return named
}
