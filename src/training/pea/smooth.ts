/** The smooth activations and the bases as tfjs operations, with their derivatives: what a backend without fused kernels computes. */
import * as tf from '@tensorflow/tfjs-core'
import type { Base, SmoothActivation } from './define.ts'

type Form = { value(x: tf.Tensor, beta: number): tf.Tensor; derivative(x: tf.Tensor, beta: number): tf.Tensor }

const halfErfc = (x: tf.Tensor): tf.Tensor => tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5)
const density = (x: tf.Tensor): tf.Tensor => tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI))

/** tanh(softplus(x)) = (w^2 + 2w) / (w^2 + 2w + 2) with w = e^x. From x = 20 on it is 1 in float32, and w^2 would overflow at 44. */
function tanhSoftplus(x: tf.Tensor): tf.Tensor {
  const w = tf.exp(tf.minimum(x, 20))
  const n = tf.mul(w, tf.add(w, 2))
  return tf.div(n, tf.add(n, 2))
}

export const smooth: Readonly<Record<SmoothActivation, Form>> = {
  gelu: {
    value: (x) => tf.mul(x, halfErfc(x)),
    derivative: (x) => tf.add(halfErfc(x), tf.mul(x, density(x))),
  },
  swish: {
    value: (x, beta) => tf.mul(x, tf.sigmoid(tf.mul(x, beta))),
    derivative(x, beta) {
      const scaled = tf.mul(x, beta)
      const s = tf.sigmoid(scaled)
      return tf.mul(s, tf.add(tf.mul(scaled, tf.sub(1, s)), 1))
    },
  },
  mish: {
    value: (x) => tf.mul(x, tanhSoftplus(x)),
    derivative(x) {
      const t = tanhSoftplus(x)
      return tf.add(t, tf.mul(tf.mul(x, tf.sub(1, tf.square(t))), tf.sigmoid(x)))
    },
  },
  elu: {
    value: (x) => tf.elu(x),
    derivative: (x) => tf.exp(tf.minimum(x, 0)),
  },
}

/** At the kinks the derivative is 0, as in the kernels. */
export const bases: Readonly<Record<Base, { value(x: tf.Tensor): tf.Tensor; derivative(x: tf.Tensor): tf.Tensor }>> = {
  relu: {
    value: (x) => tf.relu(x),
    derivative: (x) => tf.cast(tf.greater(x, 0), 'float32'),
  },
  relu6: {
    value: (x) => tf.clipByValue(x, 0, 6),
    derivative: (x) => tf.cast(tf.logicalAnd(tf.greater(x, 0), tf.less(x, 6)), 'float32'),
  },
}
