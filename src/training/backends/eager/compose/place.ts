/** Spreads and pads a tensor, as the gradients of strided and padded convolutions need it. */
import * as tf from '@tensorflow/tfjs-core'

/** Zeros between rows and columns: [n, h, w, c] to [n, h * rows, w * columns, c], each element before its zeros. */
export function spread(x: tf.Tensor4D, rows: number, columns: number): tf.Tensor4D {
  const [n, h, w, c] = x.shape
  let y: tf.Tensor = x
  if (columns > 1) y = tf.concat([tf.reshape(y, [n * h * w, c]), tf.zeros([n * h * w, (columns - 1) * c])], 1)
  if (rows > 1) y = tf.concat([tf.reshape(y, [n * h, w * columns * c]), tf.zeros([n * h, (rows - 1) * w * columns * c])], 1)
  return tf.reshape(y, [n, h * rows, w * columns, c])
}

export type Edges = { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number }

/** Adds zeros at the edges; a negative number takes rows or columns away. */
export function pad(x: tf.Tensor4D, { top, bottom, left, right }: Edges): tf.Tensor4D {
  const more = (edge: number): number => Math.max(0, edge)
  const less = (edge: number): number => Math.max(0, -edge)
  let y = x
  if (top > 0 || bottom > 0 || left > 0 || right > 0)
    y = tf.pad(y, [
      [0, 0],
      [more(top), more(bottom)],
      [more(left), more(right)],
      [0, 0],
    ])
  if (top < 0 || bottom < 0 || left < 0 || right < 0) {
    const [n, h, w, c] = y.shape
    y = tf.slice(y, [0, less(top), less(left), 0], [n, h - less(top) - less(bottom), w - less(left) - less(right), c])
  }
  return y
}
