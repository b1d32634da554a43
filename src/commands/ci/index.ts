// One line per CI system. The namespace of this file is the registry.
export { github } from './github.ts'
export { gitlab } from './gitlab.ts'
export { jenkins } from './jenkins.ts'
