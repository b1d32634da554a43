// One line per float overlay. The namespace of this file is the registry.
export { conv2d } from './conv-2d.ts'
export { depthwiseConv2d } from './depthwise-conv-2d.ts'
export { fullyConnected } from './fully-connected.ts'
