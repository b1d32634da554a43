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

/** Eq. 1, or Eq. 3 where a key is given (Utasi 2022): a tensor of the shape of `x`. The gradient repeats the draw. */
export function mixTensor(x: tf.Tensor, mixing: Mixing): tf.Tensor {
  const fused = mixing.alpha < 1 && tf.getKernel(mixKernel, tf.getBackend()) !== undefined
  return tf.customGrad((input, save) => {
    const keep = save as tf.GradSaveFunc
    if (fused) {
      const [y, slope] = tf.engine().runKernel(mixKernel, { x: input as tf.Tensor }, { mixing: mixing as any }) as [tf.Tensor, tf.Tensor]
      keep([slope])
      return { value: y, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, saved[0]!) }
    }
    keep([input as tf.Tensor])
    return {
      value: tf.tidy(() => respond(input as tf.Tensor, mixing)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.tidy(() => tf.mul(dy, slopes(saved[0]!, mixing))),
    }
  })(x)
}
