// One line per overlay. The namespace of this file is the registry.
export { add } from './add.ts'
export { averagePool2d } from './average-pool-2d.ts'
export { conv2d } from './conv-2d.ts'
export { depthwiseConv2d } from './depthwise-conv-2d.ts'
export { fullyConnected } from './fully-connected.ts'
export { maxPool2d } from './max-pool-2d.ts'
