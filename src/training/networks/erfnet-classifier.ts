/** ERFNet's encoder as a classifier (Utasi 2022, Sec. 4): global average pooling and one dense layer behind it. */
import { defineNetwork } from './define.ts'
import { encode, partsOf } from './kit/erfnet.ts'
import { isSmall } from './kit/parts.ts'

export const erfnetClassifier = defineNetwork({
  name: 'erfnet-classifier',
  says: "ERFNet's encoder (Romera et al. 2018) with global average pooling and a dense layer; small images keep their size through the first stage.",
  settings: { width: 1, dropout: 0.3, earlyDropout: 0.03 },
  build(options, settings) {
    const parts = partsOf(options)
    const input = parts.image()
    return parts.model(input, parts.classify(encode(parts, input, settings, isSmall(options))), 'erfnet-classifier')
  },
})
