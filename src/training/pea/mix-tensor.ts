/** An ensemble over a tensor, with its gradient: one fused kernel where the backend has it, tfjs operations elsewhere. */
import * as tf from '@tensorflow/tfjs-core'
import type { EnsembleOptions } from './define.ts'
import { drawRelu } from './draw.ts'
import { bases, smooth } from './smooth.ts'

/** How to mix now. `key` is there for a stochastic draw and absent for the expectation, which is the weighted form. */
export type Mixing = EnsembleOptions & { readonly beta: number; readonly alpha: number; readonly key?: number }

/** Names under which a tfjs backend may register fused kernels: inputs { x } and { x, dy }, attributes { mixing }. */
export const mixKernels = { forward: 'PeapodMix', backward: 'PeapodMixGradient' } as const

function combine(x: tf.Tensor, { alpha, key }: Mixing, whenRelu: () => tf.Tensor, whenSmooth: () => tf.Tensor): tf.Tensor {
  if (alpha >= 1) return whenRelu()
  if (alpha <= 0) return whenSmooth()
  if (key === undefined) return tf.add(tf.mul(whenRelu(), alpha), tf.mul(whenSmooth(), 1 - alpha))
  return tf.where(tf.tensor(drawRelu(key, alpha, x.size), x.shape, 'bool'), whenRelu(), whenSmooth())
}

const run = (name: string, inputs: tf.NamedTensorMap, mixing: Mixing): tf.Tensor | undefined =>
  tf.getKernel(name, tf.getBackend()) && (tf.engine().runKernel(name, inputs, { mixing: mixing as any }) as tf.Tensor)

const forward = (x: tf.Tensor, m: Mixing): tf.Tensor =>
  run(mixKernels.forward, { x }, m) ??
  combine(
    x,
    m,
    () => bases[m.base].value(x),
    () => smooth[m.activation].value(x, m.beta),
  )

const backward = (x: tf.Tensor, dy: tf.Tensor, m: Mixing): tf.Tensor =>
  run(mixKernels.backward, { x, dy }, m) ??
  tf.mul(
    dy,
    combine(
      x,
      m,
      () => bases[m.base].derivative(x),
      () => smooth[m.activation].derivative(x, m.beta),
    ),
  )

/** Eq. 1, or Eq. 3 where a key is given (Utasi 2022): a tensor of the shape of `x`. The gradient repeats the draw. */
export const mixTensor = (x: tf.Tensor, mixing: Mixing): tf.Tensor =>
  tf.customGrad((input, save) => {
    ;(save as tf.GradSaveFunc)([input as tf.Tensor])
    return {
      value: tf.tidy(() => forward(input as tf.Tensor, mixing)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.tidy(() => backward(saved[0]!, dy, mixing)),
    }
  })(x)
