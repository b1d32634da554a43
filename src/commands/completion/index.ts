// One line per shell. The namespace of this file is the registry.
export { bash } from './bash.ts'
export { fish } from './fish.ts'
export { zsh } from './zsh.ts'
