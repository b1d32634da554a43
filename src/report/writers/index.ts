// One line per form. The namespace of this file is the registry.
export { json } from './json.ts'
export { junit } from './junit.ts'
export { text } from './text.ts'
