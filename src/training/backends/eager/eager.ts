/** The eager backend: any `tf.LayersModel`, operation by operation on tfjs WASM. */
import type { Backend } from '../define.ts'
import { createStep, refuses } from './create-step.ts'
import { fallbacks, registerGradients } from './register-gradients.ts'
import { startWasm } from './start-wasm.ts'

export const eager: Backend = {
  name: 'eager',
  refuses,
  fallbacks,
  async prepare(model, options) {
    await startWasm()
    registerGradients()
    return createStep(model, options)
  },
}
