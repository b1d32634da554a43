/** Starts the WASM backend of tfjs in Node. */
import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { UserError } from '../../../errors.ts'
import '../../tensors.ts'

/** Becomes the backend of the whole process; tensors made on another one move by themselves. */
export async function startWasm(): Promise<void> {
  if (tf.getBackend() === 'wasm') return
  // Imported here: once it is registered, tfjs builds no model before it has started.
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep)
  if (!(await tf.setBackend('wasm')))
    throw new UserError('tfjs-wasm', 'The WASM backend of TensorFlow.js did not start.', {
      hint: 'Run npm ci again; peapod doctor says more.',
    })
}
