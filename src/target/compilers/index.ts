// One line per compiler. The namespace of this file is the registry.
export { edgetpu } from './edgetpu.ts'
export { vela } from './vela.ts'
