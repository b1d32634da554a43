// One line per activation. The namespace of this file is the registry.
export { elu } from './elu.ts'
export { gelu } from './gelu.ts'
export { mish } from './mish.ts'
export { relu } from './relu.ts'
export { relu6 } from './relu6.ts'
export { swish } from './swish.ts'
