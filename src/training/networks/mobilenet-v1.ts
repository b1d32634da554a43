/** MobileNet v1 at any width (Howard et al. 2017, Table 1). */
import { defineNetwork } from './define.ts'
import { checkWidth, isSmall, partsFor } from './kit/parts.ts'

/** Output channels at width 1, and stride, of the 13 depthwise separable blocks. */
// biome-ignore format: a table
const blocks = [
  [64, 1], [128, 2], [128, 1], [256, 2], [256, 1], [512, 2], [512, 1],
  [512, 1], [512, 1], [512, 1], [512, 1], [1024, 2], [1024, 1],
] as const

export const mobilenetV1 = defineNetwork({
  name: 'mobilenet-v1',
  says: 'MobileNet v1 (Howard et al. 2017); width multiplies every channel count, dropout stands before the last layer.',
  settings: { width: 0.25, dropout: 1e-3 },
  build(options, { width, dropout }) {
    const channels = (atWidth1: number): number => Math.floor(atWidth1 * width)
    checkWidth('MobileNet', width, channels(32))
    const { conv, depthwise, normed, image, classify, model } = partsFor(options, { epsilon: 1e-3 })
    const input = image()
    let x = normed(conv(input, 'conv1', channels(32), 3, { strides: isSmall(options) ? 1 : 2 }), 'conv1')
    for (const [i, [filters, strides]] of blocks.entries()) {
      x = normed(depthwise(x, `conv_dw_${i + 1}`, 3, { strides }), `conv_dw_${i + 1}`)
      x = normed(conv(x, `conv_pw_${i + 1}`, channels(filters), 1), `conv_pw_${i + 1}`)
    }
    return model(input, classify(x, dropout), 'mobilenet-v1')
  },
})
