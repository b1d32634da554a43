/** Batch normalisation over the last axis with a closed gradient; stock tfjs differentiates ten operations one by one. */
import * as tf from '@tensorflow/tfjs-core'
import type { StandIn } from './define.ts'

type Variable = { read(): tf.Tensor; write(x: tf.Tensor): unknown }
type Inside = {
  axis: number
  momentum: number
  epsilon: number
  gamma: Variable | null
  beta: Variable | null
  movingMean: Variable
  movingVariance: Variable
}

/** Means over all rows of [rows, channels], as a product with a row of 1 / rows: the fast reduction of tfjs WASM. */
const meanOfRows = (x: tf.Tensor): tf.Tensor1D => tf.reshape(tf.matMul(tf.fill([1, x.shape[0]!], 1 / x.shape[0]!), x as tf.Tensor2D), [-1])

/** Ioffe and Szegedy 2015, over rows: dx = (dy - mean(dy) - xhat mean(dy xhat)) gamma / deviation. */
const normalise = (mean: tf.Tensor, variance: tf.Tensor, epsilon: number) =>
  tf.customGrad((x, gamma, beta, save) => {
    const inverse = tf.rsqrt(tf.add(variance, epsilon))
    const hat = tf.mul(tf.sub(x as tf.Tensor, mean), inverse)
    ;(save as tf.GradSaveFunc)([hat, inverse, gamma as tf.Tensor])
    return {
      value: tf.add(tf.mul(hat, gamma as tf.Tensor), beta as tf.Tensor),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [h, r, g] = saved as [tf.Tensor, tf.Tensor, tf.Tensor]
        const [dBeta, dGamma] = [meanOfRows(dy), meanOfRows(tf.mul(dy, h))]
        const dx = tf.mul(tf.sub(tf.sub(dy, dBeta), tf.mul(h, dGamma)), tf.mul(g, r))
        return [dx, tf.mul(dGamma, dy.shape[0]!), tf.mul(dBeta, dy.shape[0]!)]
      },
    }
  })

export const batchNormalization: StandIn = {
  className: 'BatchNormalization',
  call(layer) {
    // Another axis than the last: the stock layer serves.
    const { axis, momentum, epsilon, gamma, beta, movingMean, movingVariance } = layer as unknown as Inside
    const move = (moving: Variable, now: tf.Tensor): void =>
      tf.tidy(() => void moving.write(tf.add(tf.mul(moving.read(), momentum), tf.mul(now, 1 - momentum))))
    if (axis !== -1 && axis !== (layer.outputShape as number[]).length - 1) return undefined
    return (x) => {
      const channels = x.shape.at(-1)!
      const rows = tf.reshape(x, [-1, channels])
      const mean = meanOfRows(rows)
      const variance = meanOfRows(tf.square(tf.sub(rows, mean)))
      move(movingMean, mean)
      move(movingVariance, variance)
      const scaled = normalise(mean, variance, epsilon)(rows, gamma?.read() ?? tf.ones([channels]), beta?.read() ?? tf.zeros([channels]))
      return tf.reshape(scaled, x.shape)
    }
  },
}
