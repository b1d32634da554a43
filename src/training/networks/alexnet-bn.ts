/** AlexNet (Krizhevsky et al. 2012) on one device, batch norm in place of local response normalisation. */
import { layers } from '@tensorflow/tfjs-layers'
import { defineNetwork } from './define.ts'
import { checkWidth, isSmall, on, partsFor } from './kit/parts.ts'

export const alexnetBn = defineNetwork({
  name: 'alexnet-bn',
  says: 'AlexNet (Krizhevsky et al. 2012) without its split over two devices, local response normalisation replaced by batch norm; width multiplies every channel count.',
  settings: { width: 1, dropout: 0.5 },
  build(options, { width, dropout }) {
    const channels = (atWidth1: number): number => Math.floor(atWidth1 * width)
    checkWidth('AlexNet', width, channels(96))
    // Without a norm of their own, later layers need a bias; before batch norm a bias is idle, and left out.
    const parts = partsFor(options, { epsilon: 1e-5, bias: true })
    const { conv, normed, activate, maxPool, dense } = parts
    const small = isSmall(options)
    const input = parts.image()
    // 227 x 227 give 55 x 55 without padding, and so do 224 x 224 with it. Small images take a 5 x 5 window of stride 1.
    const padding = options.inputShape[0] % 4 === 3 && options.inputShape[1] % 4 === 3 ? 'valid' : 'same'
    const stem = { strides: small ? 1 : 4, padding: small ? 'same' : padding, bias: false } as const
    let x = maxPool(normed(conv(input, 'conv1', channels(96), small ? 5 : 11, stem), 'conv1'), 'pool1', 3, 'valid')
    x = maxPool(normed(conv(x, 'conv2', channels(256), 5, { bias: false }), 'conv2'), 'pool2', 3, 'valid')
    for (const [i, filters] of [384, 384, 256].entries()) x = activate(conv(x, `conv${i + 3}`, channels(filters), 3), `conv${i + 3}_act`)
    x = on(layers.flatten({ name: 'flatten' }), maxPool(x, 'pool5', 3, 'valid'))
    for (const name of ['fc6', 'fc7'])
      x = activate(dense(parts.dropout(x, `${name}_dropout`, dropout), name, channels(4096)), `${name}_act`)
    return parts.model(input, dense(x, 'logits', options.classes), 'alexnet-bn')
  },
})
