/** The weights of a Keras model, layer by layer, as a network that begins with them takes them. */
import type { LayerWeights } from '../define.ts'
import type { KerasContainer, KerasLayer, WeightSource } from './define.ts'
import { specOf } from './spec.ts'
import { slotsOf } from './weight-layout.ts'

/** Layers of nested models under their own names. Throws what `specOf` throws. */
export const layerWeights = ({ layers }: KerasContainer, source: WeightSource, path: readonly KerasLayer[] = []): LayerWeights[] =>
  layers.flatMap((layer) => {
    const here = [...path, layer]
    if (layer.inner) return layerWeights(layer.inner, source, here)
    const slots = slotsOf(layer.className, layer.settings) ?? []
    if (!slots.length) return []
    const spec = specOf(here, layer.name, source)
    return [{ layer: layer.name, weights: new Map(slots.map(([slot]) => [slot, spec.weight(slot)!])) }]
  })
