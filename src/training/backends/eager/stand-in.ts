/** Puts the stand-ins into a model's layers for as long as a step lives. */
import type * as tf from '@tensorflow/tfjs-core'
import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import { layersOf } from '../../networks/layers-of.ts'
import type { Context, StandIn } from './stand-ins/define.ts'
import * as all from './stand-ins/index.ts'

const standIns: ReadonlyMap<string, StandIn> = new Map(Object.values(all).map((standIn) => [standIn.className, standIn]))

type Call = (inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>) => tf.Tensor | tf.Tensor[]
type Callable = { call: Call }

/** In training mode, and where the stand-in says so in inference: it stays the layer's own otherwise. Returns what takes them out again. */
export function standIn(model: LayersModel, context: Context): () => void {
  const counts = new Map<string, number>()
  const changed: layers.Layer[] = []
  for (const layer of layersOf(model)) {
    const className = layer.getClassName()
    const stream = counts.get(className) ?? 0
    counts.set(className, stream + 1)
    const found = standIns.get(className)
    const train = found?.call(layer, stream, context)
    if (!train) continue
    const own = (layer as unknown as Callable).call
    ;(layer as unknown as Callable).call = (inputs, kwargs) =>
      kwargs?.training === true || found!.inference ? train(Array.isArray(inputs) ? inputs[0]! : inputs) : own.call(layer, inputs, kwargs)
    changed.push(layer)
  }
  return () => {
    for (const layer of changed) delete (layer as unknown as Partial<Callable>).call
  }
}
