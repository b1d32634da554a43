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

/** Kernels of ours: { x, gamma, beta }, { epsilon } gives [y, state]; { dy, x, gamma, state } gives [dx, dgamma, dbeta] (kernels/normalise.ts). */
export const normaliseKernels = { forward: 'PeapodNormalise', backward: 'PeapodNormaliseGradient' } as const

type Statistics = (mean: tf.Tensor, variance: tf.Tensor) => void
type Normalise = (rows: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => tf.Tensor

/** Ioffe and Szegedy 2015, over rows: dx = (dy - mean(dy) - xhat mean(dy xhat)) gamma / deviation. */
const composed = (epsilon: number, see: Statistics): Normalise =>
  tf.customGrad((x, gamma, beta, save) => {
    const mean = meanOfRows(x as tf.Tensor)
    const centred = tf.sub(x as tf.Tensor, mean)
    const variance = meanOfRows(tf.square(centred))
    see(mean, variance)
    const inverse = tf.rsqrt(tf.add(variance, epsilon))
    const hat = tf.mul(centred, inverse)
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

const fused = (epsilon: number, see: Statistics): Normalise =>
  tf.customGrad((x, gamma, beta, save) => {
    const inputs = { x, gamma, beta } as unknown as tf.NamedTensorMap
    const [y, state] = tf.engine().runKernel(normaliseKernels.forward, inputs, { epsilon }) as [tf.Tensor, tf.Tensor2D]
    const row = (i: number): tf.Tensor => tf.reshape(tf.slice(state, [i, 0], [1, (gamma as tf.Tensor).size]), [-1])
    see(row(2), row(4))
    ;(save as tf.GradSaveFunc)([x as tf.Tensor, gamma as tf.Tensor, state])
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [kept, g, s] = saved as [tf.Tensor, tf.Tensor, tf.Tensor]
        return tf.engine().runKernel(normaliseKernels.backward, { dy, x: kept, gamma: g, state: s }, { epsilon }) as tf.Tensor[]
      },
    }
  })

export const batchNormalization: StandIn = {
  className: 'BatchNormalization',
  call(layer) {
    const { axis, momentum, epsilon, gamma, beta, movingMean, movingVariance } = layer as unknown as Inside
    // Another axis than the last: the stock layer serves.
    if (axis !== -1 && axis !== (layer.outputShape as number[]).length - 1) return undefined
    const move = (moving: Variable, now: tf.Tensor): void =>
      tf.tidy(() => void moving.write(tf.add(tf.mul(moving.read(), momentum), tf.mul(now, 1 - momentum))))
    const see: Statistics = (mean, variance) => {
      move(movingMean, mean)
      move(movingVariance, variance)
    }
    return (x) => {
      const channels = x.shape.at(-1)!
      const ours = tf.getKernel(normaliseKernels.forward, tf.getBackend()) !== undefined
      const normalise = ours ? fused(epsilon, see) : composed(epsilon, see)
      const y = normalise(tf.reshape(x, [-1, channels]), gamma?.read() ?? tf.ones([channels]), beta?.read() ?? tf.zeros([channels]))
      return tf.reshape(y, x.shape)
    }
  },
}
