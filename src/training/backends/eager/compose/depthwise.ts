/** Gradients of a depthwise convolution, composed of operations that stock tfjs WASM has. Any stride, padding, dilation and multiplier. */
import * as tf from '@tensorflow/tfjs-core'
import { pad, spread } from './place.ts'
import { type Attributes, edgesOfFilterGradient, edgesOfInputGradient, type Shape4D, windowOf } from './window.ts'

/** Output channel c * multiplier + q of each input channel c, for one q: [n, h, w, c]. */
function part(dy: tf.Tensor4D, multiplier: number, q: number): tf.Tensor4D {
  if (multiplier === 1) return dy
  const [n, h, w, c] = dy.shape
  const apart = tf.reshape(dy, [n * h * w, c / multiplier, multiplier])
  return tf.reshape(tf.slice(apart, [0, 0, q], [n * h * w, c / multiplier, 1]), [n, h, w, c / multiplier])
}

const each = <T>(multiplier: number, f: (q: number) => T): T[] => Array.from({ length: multiplier }, (_, q) => f(q))

export function depthwiseInputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D, inputShape: Shape4D, attributes: Attributes): tf.Tensor4D {
  const w = windowOf(inputShape, filter.shape, attributes, true)
  const [height, width, channels, multiplier] = filter.shape
  const turned = tf.reverse(filter, [0, 1])
  const gradients = each(multiplier, (q) => {
    const wide = spread(part(dy, multiplier, q), w.strideHeight, w.strideWidth)
    const taps = tf.slice(turned, [0, 0, 0, q], [height, width, channels, 1])
    return tf.depthwiseConv2d(pad(wide, edgesOfInputGradient(w, wide.shape)), taps, 1, 'valid', 'NHWC', [w.dilationHeight, w.dilationWidth])
  })
  return gradients.reduce((sum, gradient) => tf.add(sum, gradient))
}

/** For each tap, the products of the shifted input with the gradient, summed over batch and place by a matrix product. */
export function depthwiseFilterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, filterShape: Shape4D, attributes: Attributes): tf.Tensor4D {
  const w = windowOf(x.shape, filterShape, attributes, true)
  const [height, width, channels, multiplier] = filterShape
  const images = pad(x, edgesOfFilterGradient(w))
  const batch = x.shape[0]
  const places = batch * w.outHeight * w.outWidth
  const ones = tf.ones([1, places])
  const taps: tf.Tensor[] = []
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++) {
      const [top, left] = [i * w.dilationHeight, j * w.dilationWidth]
      const end = [batch, top + (w.outHeight - 1) * w.strideHeight + 1, left + (w.outWidth - 1) * w.strideWidth + 1, channels]
      const seen = tf.stridedSlice(images, [0, top, left, 0], end, [1, w.strideHeight, w.strideWidth, 1]) as tf.Tensor4D
      const sums = each(multiplier, (q) => tf.matMul(ones, tf.reshape(tf.mul(seen, part(dy, multiplier, q)), [places, channels])))
      taps.push(tf.stack(sums, 2))
    }
  return tf.reshape(tf.concat(taps, 0), filterShape)
}
