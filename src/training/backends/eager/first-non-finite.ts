/** Finds the layer where numbers stop being numbers. */
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { layersOf } from '../../networks/layers-of.ts'

type Applied = { apply(inputs: unknown, kwargs?: unknown): unknown }

/** Runs `forward` while watching what each layer of the model returns, in the order of the run. */
export function firstNonFinite(model: LayersModel, forward: () => tf.Tensor): string | undefined {
  let found: string | undefined
  const watched = layersOf(model) as unknown as (Applied & { name: string })[]
  for (const layer of watched) {
    const own = layer.apply
    layer.apply = (inputs, kwargs) => {
      const output = own.call(layer, inputs, kwargs)
      const tensors = (Array.isArray(output) ? output : [output]).filter((t) => t instanceof tf.Tensor)
      if (found === undefined && tensors.some((t) => !t.dataSync().every(Number.isFinite))) found = layer.name
      return output
    }
  }
  try {
    tf.tidy(() => void forward())
  } finally {
    for (const layer of watched) delete (layer as Partial<Applied>).apply
  }
  return found
}
