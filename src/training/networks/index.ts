// One line per network. The namespace of this file is the registry.
export { mobilenetV1 } from './mobilenet-v1.ts'
