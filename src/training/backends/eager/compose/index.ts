// One line per composed gradient.
export { convolutionFilterGradient, convolutionInputGradient } from './convolution.ts'
export { depthwiseFilterGradient, depthwiseInputGradient } from './depthwise.ts'
