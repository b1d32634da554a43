/** The eager backend: any `tf.LayersModel`, operation by operation on tfjs WASM. */
import type { Backend } from '../define.ts'
import { createStep, refuses } from './create-step.ts'
import { fallbacks, registerGradients, wouldFallBack } from './register-gradients.ts'
import { startWasm } from './start-wasm.ts'

async function start(): Promise<void> {
  await startWasm()
  registerGradients()
}

export const eager: Backend = {
  name: 'eager',
  gives: 'any tfjs layer, stock or your own, operation by operation on one core: the slowest',
  async probe() {
    await start()
    return { ready: true, says: 'ready' }
  },
  refuses,
  fallbacks,
  wouldFallBack,
  async prepare(model, options) {
    await start()
    return createStep(model, options)
  },
}
