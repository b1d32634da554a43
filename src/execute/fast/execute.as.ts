/** The int8 kernels as one module: what `dist/kernels/execute.wasm` exports. */
export { add } from './add.as'
export { conv, pointwise } from './conv.as'
export { depthwise } from './depthwise.as'
export { averagePool, maxPool } from './pool.as'
