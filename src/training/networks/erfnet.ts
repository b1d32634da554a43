/** ERFNet for semantic segmentation (Romera et al. 2018, Table I): a class for each pixel. */
import { layers } from '@tensorflow/tfjs-layers'
import { UserError } from '../../errors.ts'
import { defineNetwork } from './define.ts'
import { encode, factorised, partsOf } from './kit/erfnet.ts'
import { on, type Value } from './kit/parts.ts'

const up = (x: Value, name: string, filters: number, kernelSize: number): Value =>
  on(layers.conv2dTranspose({ filters, kernelSize, strides: 2, padding: 'same', kernelInitializer: 'zeros', name }), x)

export const erfnet = defineNetwork({
  name: 'erfnet',
  says: 'ERFNet (Romera et al. 2018) for segmentation: a class for each pixel of images whose sides are multiples of 8; dropout is that of the deep modules.',
  answers: 'pixels',
  settings: { width: 1, dropout: 0.3, earlyDropout: 0.03 },
  build(options, settings) {
    const [height, width] = options.inputShape
    if (height % 8 || width % 8)
      throw new UserError('bad-input-size', 'ERFNet halves its image three times, and this size does not divide.', {
        found: `${height} x ${width}`,
        expected: 'a height and a width that are multiples of 8',
        hint: `pad to ${Math.ceil(height / 8) * 8} x ${Math.ceil(width / 8) * 8}, the labels with the class that is ignored`,
      })
    const parts = partsOf(options)
    const input = parts.image()
    let x = encode(parts, input, settings)
    for (const [stage, atWidth1] of [64, 16].entries()) {
      const at = `up${stage + 1}`
      x = parts.normed(up(x, at, Math.floor(atWidth1 * settings.width), 3), at)
      for (const i of [1, 2]) x = factorised(parts, x, `${at}_refine${i}`, 0)
    }
    return parts.model(input, up(x, 'logits', options.classes, 2), 'erfnet')
  },
})
