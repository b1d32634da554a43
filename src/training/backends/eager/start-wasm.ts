/** Starts the WASM backend of tfjs in Node. */
import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { UserError } from '../../../errors.ts'

/** Becomes the backend of the whole process; tensors made on another one move by themselves. */
export async function startWasm(): Promise<void> {
  // Without it tfjs prints an advertisement for another package.
  tf.env().set('PROD', true)
  if (tf.getBackend() === 'wasm') return
  setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep)
  if (!(await tf.setBackend('wasm')))
    throw new UserError('tfjs-wasm', 'The WASM backend of TensorFlow.js did not start.', {
      hint: 'Run npm ci again; peapod doctor says more.',
    })
}
