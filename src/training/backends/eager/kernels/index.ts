// One line per kernel of ours in the heap of tfjs.
export { convolutionFilterGradient, convolutionInputGradient } from './convolution.ts'
export { depthwiseFilterGradient, depthwiseInputGradient } from './depthwise.ts'
export { mix } from './mix.ts'
export { normalise, normaliseGradient } from './normalise.ts'
export { averagePoolGradient, maxPoolGradient } from './pool.ts'
