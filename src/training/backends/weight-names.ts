/** The names by which steps and checkpoints speak of a model's weights. */
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers'

const counted = /^(\w+_[A-Z]\w*?)\d+(?=\/)/

/**
 * Each weight of the model by a name that is the same in every process and on every build. tfjs makes the variable's own name unique
 * in its process (`conv1/kernel_1` on the second build), so the layer's name for it is taken, numbered where it repeats; and it counts
 * layers without a name over the whole process (`dense_Dense3`), so that count is left out.
 */
export function weightsByName(model: LayersModel): ReadonlyMap<string, LayerVariable> {
  const named = new Map<string, LayerVariable>()
  for (const weight of model.weights) {
    const plain = weight.originalName.replace(counted, '$1')
    let name = plain
    for (let n = 2; named.has(name); n++) name = `${plain}#${n}`
    named.set(name, weight)
  }
  return named
}
