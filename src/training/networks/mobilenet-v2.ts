/** MobileNet v2 at any width (Sandler et al. 2018, Table 2): inverted residuals with linear bottlenecks. */
import { layers } from '@tensorflow/tfjs-layers'
import { defineNetwork } from './define.ts'
import { checkWidth, isSmall, on, partsFor } from './kit/parts.ts'

/** Expansion, output channels at width 1, repeats, and the stride of the first, of each stage. */
// biome-ignore format: a table
const stages = [
  [1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 1], [6, 160, 3, 2], [6, 320, 1, 1],
] as const

/** The nearest multiple of 8, at least 8 and at least nine tenths of the value: the authors' rounding. */
function divisible(value: number): number {
  const rounded = Math.max(8, Math.floor((value + 4) / 8) * 8)
  return rounded < 0.9 * value ? rounded + 8 : rounded
}

export const mobilenetV2 = defineNetwork({
  name: 'mobilenet-v2',
  says: 'MobileNet v2 (Sandler et al. 2018); width multiplies the channel counts, in multiples of 8, dropout stands before the last layer.',
  settings: { width: 1, dropout: 0.2 },
  build(options, { width, dropout }) {
    checkWidth('MobileNet v2', width, width > 0 ? 1 : 0)
    const { conv, depthwise, norm, normed, image, classify, model } = partsFor(options, { epsilon: 1e-3 })
    const input = image()
    let x = normed(conv(input, 'conv1', divisible(32 * width), 3, { strides: isSmall(options) ? 1 : 2 }), 'conv1')
    let block = 0
    for (const [expansion, atWidth1, repeats, first] of stages)
      for (let i = 0; i < repeats; i++) {
        const at = `block${++block}`
        const [inputs, outputs, strides] = [x.shape[3]!, divisible(atWidth1 * width), i === 0 ? first : 1]
        const wide = expansion === 1 ? x : normed(conv(x, `${at}_expand`, expansion * inputs, 1), `${at}_expand`)
        const inner = normed(depthwise(wide, `${at}_dw`, 3, { strides }), `${at}_dw`)
        const narrow = norm(conv(inner, `${at}_project`, outputs, 1), `${at}_project_bn`)
        x = strides === 1 && inputs === outputs ? on(layers.add({ name: `${at}_add` }), x, narrow) : narrow
      }
    // Never fewer than 1280, so that narrow networks keep their features.
    x = normed(conv(x, 'conv_last', divisible(1280 * Math.max(1, width)), 1), 'conv_last')
    return model(input, classify(x, dropout), 'mobilenet-v2')
  },
})
