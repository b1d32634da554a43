/** MobileNet v1 at any width (Howard et al. 2017, Table 1). */
import * as tfl from '@tensorflow/tfjs-layers'
import { UserError } from '../../errors.ts'
import { defineNetwork, type NetworkOptions } from './define.ts'

/** Output channels at width 1, and stride, of the 13 depthwise separable blocks. */
// biome-ignore format: a table
const blocks = [
  [64, 1], [128, 2], [128, 1], [256, 2], [256, 1], [512, 2], [512, 1],
  [512, 1], [512, 1], [512, 1], [512, 1], [1024, 2], [1024, 1],
] as const

/** Keras's 0.99 leaves a mean of the last 100 steps, too slow for a decaying rate on a small set; PyTorch's is 0.9. */
const norm = { momentum: 0.9, epsilon: 1e-3 } as const

function build({ inputShape, classes, activation }: NetworkOptions, settings: { readonly width: number; readonly dropout: number }) {
  const channels = (atWidth1: number): number => Math.floor(atWidth1 * settings.width)
  if (!(channels(32) >= 1))
    throw new UserError('network-too-narrow', 'MobileNet at this width has a layer without channels.', {
      found: String(settings.width),
      expected: 'a width of at least 1/32',
    })
  const conv = { padding: 'same', useBias: false } as const
  const normed = (x: tfl.SymbolicTensor, name: string): tfl.SymbolicTensor => {
    const y = tfl.layers.batchNormalization({ ...norm, name: `${name}_bn` }).apply(x)
    return activation(`${name}_act`).apply(y) as tfl.SymbolicTensor
  }
  const input = tfl.input({ shape: [...inputShape], name: 'image' })
  // Images up to 64 pixels keep their size through the stem, as is usual for small ones.
  const strides = Math.max(inputShape[0], inputShape[1]) <= 64 ? 1 : 2
  const stem = tfl.layers.conv2d({ ...conv, filters: channels(32), kernelSize: 3, strides, kernelInitializer: 'zeros', name: 'conv1' })
  let x = normed(stem.apply(input) as tfl.SymbolicTensor, 'conv1')
  for (const [i, [filters, strides]] of blocks.entries()) {
    const depthwise = tfl.layers.depthwiseConv2d({
      ...conv,
      kernelSize: 3,
      strides,
      depthwiseInitializer: 'zeros',
      name: `conv_dw_${i + 1}`,
    })
    x = normed(depthwise.apply(x) as tfl.SymbolicTensor, `conv_dw_${i + 1}`)
    const pointwise = tfl.layers.conv2d({
      ...conv,
      filters: channels(filters),
      kernelSize: 1,
      kernelInitializer: 'zeros',
      name: `conv_pw_${i + 1}`,
    })
    x = normed(pointwise.apply(x) as tfl.SymbolicTensor, `conv_pw_${i + 1}`)
  }
  let y = tfl.layers.globalAveragePooling2d({ name: 'pool' }).apply(x)
  if (settings.dropout > 0) y = tfl.layers.dropout({ rate: settings.dropout, name: 'dropout' }).apply(y)
  y = tfl.layers.dense({ units: classes, kernelInitializer: 'zeros', name: 'logits' }).apply(y)
  y = tfl.layers.activation({ activation: 'softmax', name: 'softmax' }).apply(y)
  return tfl.model({ inputs: input, outputs: y as tfl.SymbolicTensor, name: 'mobilenet-v1' })
}

export const mobilenetV1 = defineNetwork({
  name: 'mobilenet-v1',
  says: 'MobileNet v1 (Howard et al. 2017); width multiplies every channel count, dropout stands before the last layer.',
  settings: { width: 0.25, dropout: 1e-3 },
  build,
})
