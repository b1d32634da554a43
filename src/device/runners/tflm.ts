/** `tflm:` the interpreter of TensorFlow Lite for Microcontrollers with its reference kernels, in a Python of this machine. */
import type { RunnerKind } from '../define.ts'
import { connect, missingIn, pythonHere, pythonOf } from './python/connect.ts'
import { tflmRuntime } from './python/runtimes.ts'

export const tflm: RunnerKind = {
  scheme: 'tflm',
  says: 'tflm:[PYTHON]  the TFLM interpreter, in a Python that has tflite-micro',
  list: async () => ['tflm:'],
  missing: (uri) => missingIn(pythonOf(uri, [], tflm).python, tflmRuntime),
  open: async (uri, options) => connect(pythonHere(uri, pythonOf(uri, [], tflm).python), tflmRuntime, {}, {}, options),
}
