// One line per stand-in. The namespace of this file is the registry.
export { batchNormalization } from './batch-normalization.ts'
export { convolution, depthwise } from './convolution.ts'
export { dropout } from './dropout.ts'
