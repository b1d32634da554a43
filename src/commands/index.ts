// One line per subcommand, in the order of the help. The namespace of this file is the registry.

export { check } from './check.ts'
export { deploy } from './deploy.ts'
export { doctor } from './doctor.ts'
export { evaluate } from './evaluate.ts'
export { execute } from './execute.ts'
export { inspect } from './inspect.ts'
export { quantise } from './quantise.ts'
export { run } from './run.ts'
export { simulate } from './simulate.ts'
export { targets } from './targets.ts'
export { train } from './train.ts'
export { verify } from './verify.ts'
