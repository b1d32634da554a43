/** DS-CNN, the keyword spotter (Zhang et al. 2017; MLPerf Tiny's, Banbury et al. 2021): a wide window, then separable blocks of one width. */
import { defineNetwork } from './define.ts'
import { checkWidth, partsFor } from './kit/parts.ts'

export const dsCnn = defineNetwork({
  name: 'ds-cnn',
  says: 'DS-CNN (Zhang et al. 2017, as in MLPerf Tiny) for spectrograms of time x frequency; its first window is kernelHeight x kernelWidth of stride 2.',
  settings: { width: 1, blocks: 4, kernelHeight: 10, kernelWidth: 4, stemDropout: 0.2, dropout: 0.4 },
  build(options, { width, blocks, kernelHeight, kernelWidth, stemDropout, dropout }) {
    const channels = Math.floor(64 * width)
    checkWidth('DS-CNN', width, channels)
    const parts = partsFor(options, { epsilon: 1e-3, bias: true })
    const input = parts.image()
    let x = parts.normed(parts.conv(input, 'conv1', channels, [kernelHeight, kernelWidth], { strides: 2 }), 'conv1')
    x = parts.dropout(x, 'stem_dropout', stemDropout)
    for (let i = 1; i <= blocks; i++) {
      x = parts.normed(parts.depthwise(x, `conv_dw_${i}`, 3), `conv_dw_${i}`)
      x = parts.normed(parts.conv(x, `conv_pw_${i}`, channels, 1), `conv_pw_${i}`)
    }
    return parts.model(input, parts.classify(x, dropout), 'ds-cnn')
  },
})
