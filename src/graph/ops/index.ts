// One line per operator. The namespace of this file is the registry.
export { relu } from './relu.ts'
