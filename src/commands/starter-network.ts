/** The network module that `peapod init` writes for a path that is not there yet. */

/** Its activations are made with `activation`, so that PEA finds them. */
export const starterNetwork = `// A network for Peapod: (options, settings) => tf.LayersModel. Make each activation with activation(name); PEA does the rest.
import tf from '@tensorflow/tfjs-layers'

export default ({ inputShape, classes, activation }, { width = 16 }) => {
  const input = tf.input({ shape: [...inputShape] })
  let x = input
  for (const [i, filters] of [width, 2 * width, 4 * width].entries()) {
    x = tf.layers.conv2d({ name: \`conv_\${i}\`, filters, kernelSize: 3, strides: 2, padding: 'same', useBias: false }).apply(x)
    x = tf.layers.batchNormalization({ name: \`norm_\${i}\` }).apply(x)
    x = activation(\`act_\${i}\`).apply(x)
  }
  x = tf.layers.globalAveragePooling2d({ name: 'pool' }).apply(x)
  x = tf.layers.dense({ name: 'logits', units: classes, activation: 'softmax' }).apply(x)
  return tf.model({ inputs: input, outputs: x })
}
`
