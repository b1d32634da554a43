/** An ensemble over a tensor, with its gradient: one fused kernel where the backend has it, tfjs operations elsewhere. */
import * as tf from '@tensorflow/tfjs-core'
import type { EnsembleOptions } from './define.ts'
import { drawRelu } from './draw.ts'
import { bases, smooth } from './smooth.ts'

/** How to mix now. `key` is there for a stochastic draw and absent for the expectation, which is the weighted form. */
export type Mixing = EnsembleOptions & { readonly beta: number; readonly alpha: number; readonly key?: number }

/**
 * The name under which a tfjs backend may register a fused kernel: input { x }, attributes { mixing } with alpha below 1,
 * outputs [y, slopes]; the gradient is dy times slopes.
 */
export const mixKernel = 'PeapodMix'

function combine(x: tf.Tensor, { alpha, key }: Mixing, whenRelu: () => tf.Tensor, whenSmooth: () => tf.Tensor): tf.Tensor {
  if (alpha >= 1) return whenRelu()
  if (alpha <= 0) return whenSmooth()
  if (key === undefined) return tf.add(tf.mul(whenRelu(), alpha), tf.mul(whenSmooth(), 1 - alpha))
  return tf.where(tf.tensor(drawRelu(key, alpha, x.size), x.shape, 'bool'), whenRelu(), whenSmooth())
}

const respond = (x: tf.Tensor, m: Mixing): tf.Tensor =>
  combine(
    x,
    m,
    () => bases[m.base].value(x),
    () => smooth[m.activation].value(x, m.beta),
  )

const slopes = (x: tf.Tensor, m: Mixing): tf.Tensor =>
  combine(
    x,
    m,
    () => bases[m.base].derivative(x),
    () => smooth[m.activation].derivative(x, m.beta),
  )

/** The derivative of an ensemble of Swish by its beta: x^2 s (1 - s) with s = sigmoid(beta x), where Swish has its share. */
const slopesByBeta = (x: tf.Tensor, m: Mixing): tf.Tensor =>
  combine(
    x,
    m,
    () => tf.zerosLike(x),
    () => {
      const s = tf.sigmoid(tf.mul(x, m.beta))
      return tf.mul(tf.square(x), tf.mul(s, tf.sub(1, s)))
    },
  )

/** Eq. 1, or Eq. 3 where a key is given (Utasi 2022): a tensor of the shape of `x`. The gradient repeats the draw. `beta`, of one element, is Swish's slope where it learns. */
export function mixTensor(x: tf.Tensor, given: Mixing, beta?: tf.Tensor): tf.Tensor {
  const mixing = beta ? { ...given, beta: beta.dataSync()[0]! } : given
  const fused = mixing.alpha < 1 && tf.getKernel(mixKernel, tf.getBackend()) !== undefined
  const mixed = (input: tf.Tensor, keep: tf.GradSaveFunc): { value: tf.Tensor; back: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor } => {
    if (!fused) {
      keep([input])
      return {
        value: tf.tidy(() => respond(input, mixing)),
        back: (dy, saved) => tf.tidy(() => tf.mul(dy, slopes(saved[0]!, mixing))),
      }
    }
    const [y, slope] = tf.engine().runKernel(mixKernel, { x: input }, { mixing: mixing as any }) as [tf.Tensor, tf.Tensor]
    keep(beta ? [input, slope] : [slope])
    return { value: y, back: (dy, saved) => tf.mul(dy, saved.at(-1)!) }
  }
  if (!beta)
    return tf.customGrad((input, save) => {
      const { value, back } = mixed(input as tf.Tensor, save as tf.GradSaveFunc)
      return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => back(dy, saved) }
    })(x)
  return tf.customGrad((input, slope, save) => {
    const { value, back } = mixed(input as tf.Tensor, save as tf.GradSaveFunc)
    const { shape } = slope as tf.Tensor
    const byBeta = (dy: tf.Tensor, saved: tf.Tensor[]) =>
      tf.tidy(() => tf.reshape(tf.sum(tf.mul(dy, slopesByBeta(saved[0]!, mixing))), shape))
    return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [back(dy, saved), byBeta(dy, saved)] }
  })(x, beta)
}
