/** What a model says before its softmax. */
import type * as tf from '@tensorflow/tfjs-core'
import { type LayersModel, type layers, model as makeModel } from '@tensorflow/tfjs-layers'

type Forward = (images: tf.Tensor, training: boolean) => tf.Tensor
type Activated = { activation: { getClassName(): string } | null }

const isSoftmax = (layer: layers.Layer): boolean =>
  layer.getClassName() === 'Softmax' ||
  (layer.getClassName() === 'Activation' && (layer as unknown as Activated).activation?.getClassName() === 'softmax')

const linear = { getClassName: () => 'linear', apply: (x: tf.Tensor) => x }

/** Leaves out a softmax that is a layer of its own, or the activation of the last layer. A model without one gives logits already. */
export function logitsOf(model: LayersModel): Forward {
  const last = model.layers.at(-1)!
  if (isSoftmax(last)) {
    const body = makeModel({ inputs: model.inputs, outputs: last.input })
    return (images, training) => body.apply(images, { training }) as tf.Tensor
  }
  const ending = last as unknown as Activated
  const softmax = ending.activation?.getClassName() === 'softmax' ? ending.activation : undefined
  return (images, training) => {
    if (softmax) ending.activation = linear
    try {
      return model.apply(images, { training }) as tf.Tensor
    } finally {
      if (softmax) ending.activation = softmax
    }
  }
}
