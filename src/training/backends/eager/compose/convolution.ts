/** Gradients of a convolution, composed of convolutions, as stock tfjs WASM lacks them. Any stride, padding and dilation. */
import * as tf from '@tensorflow/tfjs-core'
import { pad, spread } from './place.ts'
import { type Attributes, edgesOfFilterGradient, edgesOfInputGradient, type Shape4D, windowOf } from './window.ts'

/** The gradient spread by the strides, convolved with the filter turned by half a turn, its channels exchanged. */
export function convolutionInputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D, inputShape: Shape4D, attributes: Attributes): tf.Tensor4D {
  const w = windowOf(inputShape, filter.shape, attributes, false)
  const wide = spread(dy, w.strideHeight, w.strideWidth)
  const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2])
  return tf.conv2d(pad(wide, edgesOfInputGradient(w, wide.shape)), turned, 1, 'valid', 'NHWC', [w.dilationHeight, w.dilationWidth])
}

/** The input convolved with the gradient, batch and channels exchanged, strides and dilations exchanged. */
export function convolutionFilterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, filterShape: Shape4D, attributes: Attributes): tf.Tensor4D {
  const w = windowOf(x.shape, filterShape, attributes, false)
  const [height, width, inputs, outputs] = filterShape
  if (height === 1 && width === 1 && w.strideHeight === 1 && w.strideWidth === 1 && w.padInfo.top === 0 && w.padInfo.left === 0) {
    const flat = tf.matMul(tf.reshape(x, [-1, inputs]), tf.reshape(dy, [-1, outputs]), true)
    return tf.reshape(flat, filterShape)
  }
  const images = pad(x, edgesOfFilterGradient(w))
  const y = conv2dOf(tf.transpose(images, [3, 1, 2, 0]), tf.transpose(dy, [1, 2, 0, 3]), {
    strides: [w.dilationHeight, w.dilationWidth],
    dilations: [w.strideHeight, w.strideWidth],
  })
  return tf.transpose(y, [1, 2, 0, 3])
}

/** The kernel itself: the operation refuses stride and dilation at once, which the kernel computes. */
const conv2dOf = (x: tf.Tensor4D, filter: tf.Tensor4D, { strides, dilations }: { strides: number[]; dilations: number[] }): tf.Tensor4D =>
  tf.engine().runKernel('Conv2D', { x, filter }, { strides, dilations, pad: 'valid', dataFormat: 'NHWC' } as any) as tf.Tensor4D
