/** `simulator:` our bit-exact executor as a runner; its times are those of this host, never of the target. */

import { setImmediate } from 'node:timers/promises'
import type { Executor } from '../../execute/define.ts'
import { prepareExecutor } from '../../execute/execute.ts'
import { loadFastKernels } from '../../execute/fast/load.ts'
import { readTflite } from '../../formats/tflite/read.ts'
import { bytesPerElement, size, view } from '../../graph/ir/graph.ts'
import type { RunnerKind } from '../define.ts'
import { badRunner } from './bad-runner.ts'
import { conditionsHere } from './conditions.ts'

const breathMs = 20

export const simulator: RunnerKind = {
  scheme: 'simulator',
  says: 'simulator: the bit-exact executor on this machine (rounding as TFLM)',
  list: async () => ['simulator:'],
  missing: async () => undefined,
  open: async (uri, { signal }) => {
    if (uri !== 'simulator:') throw badRunner(uri, simulator)
    let executor: Executor | undefined
    return {
      describe: async () => ({
        runner: 'simulator:',
        facts: { runtime: 'peapod executor', kernels: 'integer reference, bit-exact', rounding: 'tflm' },
        timing: 'host',
      }),
      load: async (model) => {
        const started = performance.now()
        executor = prepareExecutor(readTflite(model), { rounding: 'tflm', fast: loadFastKernels() })
        return { initMs: performance.now() - started }
      },
      invoke: (inputs, count) => invokeAll(executor!, inputs, count, signal),
      conditions: conditionsHere,
      close: async () => {},
    }
  },
}

/** A whole data set may come at once: leaves off now and then, so that it can be cancelled. */
async function invokeAll(executor: Executor, inputs: Uint8Array, count: number, signal: AbortSignal | undefined) {
  const {
    tensors,
    inputs: [input],
  } = executor.graph
  const { dtype, shape } = tensors[input!]!
  const inputBytes = size(shape) * bytesPerElement(dtype)
  const aligned = new Uint8Array(inputs)
  const durationsMs: number[] = []
  const outputs: Uint8Array[] = []
  let rested = performance.now()
  for (let i = 0; i < count && !signal?.aborted; i++) {
    const started = performance.now()
    const made = executor.run([view(dtype, aligned.buffer, i * inputBytes, size(shape))])
    durationsMs.push(performance.now() - started)
    for (const data of made) outputs.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice())
    if (performance.now() - rested > breathMs) {
      await setImmediate()
      rested = performance.now()
    }
  }
  return { outputs: new Uint8Array(Buffer.concat(outputs)), durationsMs }
}
