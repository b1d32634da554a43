/** The executor's kernels as one module: what `dist/kernels/execute.wasm` exports. */
export { add } from './add.as'
export { conv, pointwise } from './conv.as'
export { depthwise } from './depthwise.as'
export { floatConv, floatPointwise } from './float/conv.as'
export { floatDepthwise } from './float/depthwise.as'
export { averagePool, maxPool } from './pool.as'
export { channelProducts, products } from './products.as'
