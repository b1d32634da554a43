/** A stand-in: what a stock layer computes, computed as the house needs it. */
import type * as tf from '@tensorflow/tfjs-core'
import type { layers } from '@tensorflow/tfjs-layers'

export type Context = {
  readonly seed: number
  /** The iteration that keys the draws. */
  step(): number
}

export type StandIn = {
  /** The layer class it stands in for. */
  readonly className: string
  /** Whether it also serves in inference; in training it always does. */
  readonly inference?: true
  /** The training-mode call for this layer, or undefined where the stock one serves. `stream` numbers the layers of this class in the model. */
  call(layer: layers.Layer, stream: number, context: Context): ((input: tf.Tensor) => tf.Tensor) | undefined
}
