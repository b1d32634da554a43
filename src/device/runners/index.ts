// One line per kind of runner. The namespace of this file is the registry.
export { adb } from './adb.ts'
export { command } from './command.ts'
export { litert } from './litert.ts'
export { litertJs } from './litert-js.ts'
export { serial } from './serial.ts'
export { simulator } from './simulator.ts'
export { ssh } from './ssh.ts'
export { tflm } from './tflm.ts'
