// One line per range method. The namespace of this file is the registry.
export { entropy } from './entropy.ts'
export { minMax } from './min-max.ts'
export { mse } from './mse.ts'
export { percentile } from './percentile.ts'
