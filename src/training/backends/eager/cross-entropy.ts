/** Softmax cross-entropy with label smoothing, and its gradient in closed form. */
import * as tf from '@tensorflow/tfjs-core'

/** Mean over the batch of -sum q log p, natural logarithm; q = (1 - smoothing) onehot + smoothing / classes (Szegedy et al. 2016). */
export function crossEntropy(logits: tf.Tensor2D, labels: Int32Array, smoothing: number): tf.Scalar {
  const [size, classes] = logits.shape
  const wanted = new Float32Array(size * classes).fill(smoothing / classes)
  for (const [n, label] of labels.entries()) wanted[n * classes + label]! += 1 - smoothing
  const q = tf.tensor2d(wanted, [size, classes])
  return tf.customGrad((z, save) => {
    const logP = tf.logSoftmax(z as tf.Tensor)
    ;(save as tf.GradSaveFunc)([logP, q])
    return {
      value: tf.mul(tf.sum(tf.mul(q, logP)), -1 / size) as tf.Scalar,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(tf.sub(tf.exp(saved[0]!), saved[1]!), tf.div(dy, size)),
    }
  })(logits) as tf.Scalar
}
