/** Where a Keras .h5 keeps weights: under the outermost layer's name, in the order that it lists. */
import type { WeightSource } from './define.ts'
import type { Hdf5 } from './hdf5-tree.ts'

export const h5Weights =
  (tree: Hdf5): WeightSource =>
  (path) => {
    const group = `model_weights/${path[0]!.name}`
    const texts = tree.texts.get(group) ?? {}
    const lists = Object.keys(texts).filter((key) => key.startsWith('weight_names'))
    const numbered = (key: string): number => Number(key.slice('weight_names'.length))
    const names = lists.sort((a, b) => numbered(a) - numbered(b)).flatMap((key) => texts[key]!)
    // A model inside lists the weights of all its layers, each as …/layer/weight.
    const wanted = path.length === 1 ? names : names.filter((name) => name.split('/').at(-2) === path.at(-1)!.name)
    return wanted.flatMap((name) => tree.arrays.get(`${group}/${name}`) ?? [])
  }
