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
  refuseToOverflow((tf.backend() as unknown as { wasm: Heap }).wasm)
}

type Heap = { _malloc(bytes: number): number; _free(address: number): void; readonly HEAP8: Int8Array }

/**
 * tfjs takes the address 0 of a full heap for a place like any other, and writes there. The allocator adds in 32 bits: at the end of its 4 GiB
 * it was seen to give a gibibyte that lies on others, or none; and it cannot count past 2 GiB at once.
 */
function refuseToOverflow(heap: Heap): void {
  // The first call puts the real function in its own place.
  heap._free(heap._malloc(1))
  const allocate = heap._malloc
  let wrapped = false
  heap._malloc = (bytes) => {
    const address = wrapped || bytes >= 2 ** 31 - 2 ** 24 ? 0 : allocate(bytes)
    wrapped ||= (address >>> 0) + bytes > heap.HEAP8.length && address !== 0
    if (wrapped || (address === 0 && bytes > 0))
      throw new UserError('out-of-memory', `The heap of tfjs WASM has no room for ${Math.ceil(bytes / 2 ** 20)} MiB more.`, {
        hint: 'Lower train.batchSize, or take layers that the compiled step knows.',
        expected: 'all tensors of a step within its heap, 4096 MiB at most',
      })
    return address
  }
}
