/** Batch normalisation of the TensorFlow backend by TensorFlow's fused operators (half the step of the composed form, measured). */
import * as tf from '@tensorflow/tfjs-core'
import { normaliseKernels } from '../eager/stand-ins/batch-normalization.ts'

/** What @tensorflow/tfjs-node's backend offers beside the contract. */
type Node = tf.KernelBackend & {
  readonly binding: Readonly<Record<string, number>>
  executeMultipleOutputs(name: string, attributes: readonly unknown[], inputs: readonly tf.TensorInfo[], outputs: number): tf.Tensor[]
}

let registered = false

/** Once for the process; the tensorflow backend is set. */
export function registerFused(): void {
  if (registered) return
  registered = true
  const node = tf.backend() as Node
  const { binding } = node
  const attributes = (epsilon: number) => [
    ...['T', 'U'].map((name) => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT })),
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: true },
  ]
  const asImage = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [x.shape[0]!, 1, 1, x.shape[1]!])
  const register = (kernelName: string, kernelFunc: (inputs: any, attrs: any) => tf.Tensor[]): void =>
    tf.registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc: ({ inputs, attrs }) => kernelFunc(inputs, attrs) })

  // The state's rows as kernels/normalise.ts has them: 2 the mean, 4 the population variance; 3 is what the gradient wants back.
  register(normaliseKernels.forward, ({ x, gamma, beta }, { epsilon }) => {
    const rows = x.shape[0] as number
    const none = tf.tensor1d([])
    const outputs = node.executeMultipleOutputs('FusedBatchNormV3', attributes(epsilon), [asImage(x), gamma, beta, none, none], 6)
    const [y, mean, variance, , kept] = outputs as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
    const population = tf.mul(variance, (rows - 1) / Math.max(1, rows))
    return [tf.reshape(y, x.shape), tf.stack([mean, mean, mean, kept, population])]
  })
  register(normaliseKernels.backward, ({ dy, x, gamma, state }, { epsilon }) => {
    const row = (i: number): tf.Tensor => tf.reshape(tf.slice(state, [i, 0], [1, gamma.shape[0]]), [-1])
    const inputs = [asImage(dy), asImage(x), gamma, row(2), row(3), tf.tensor1d([])]
    const [dx, dGamma, dBeta] = node.executeMultipleOutputs('FusedBatchNormGradV3', attributes(epsilon), inputs, 5) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ]
    return [tf.reshape(dx, x.shape), dGamma, dBeta]
  })
}
