/** The training backends, the best first; a new one is one folder and one line here. */

export { eager } from './eager/eager.ts'
export { tensorflow } from './tensorflow/tensorflow.ts'
export { wasm } from './wasm/wasm.ts'
