/** `tflm:` the interpreter of TensorFlow Lite for Microcontrollers with its reference kernels, in a Python of this machine. */
import type { RunnerKind } from '../define.ts'
import { connect, missingIn, type PythonRuntime, pythonOf } from './python/connect.ts'

const runtime: PythonRuntime = {
  modules: ['tflite_micro'],
  package: 'tflite-micro',
  source: `
from tflite_micro import runtime as tflm

def about():
    return {'runtime': 'tflite-micro', 'version': version('tflite-micro'), 'kernels': 'reference'}

def make(model, options):
    interpreter = tflm.Interpreter.from_bytes(model)
    entry = interpreter.get_input_details(0)

    def run(one):
        interpreter.set_input(one, 0)
        interpreter.invoke()
        return interpreter.get_output(0).tobytes()
    return run, entry['dtype'], entry['shape']
`,
}

export const tflm: RunnerKind = {
  scheme: 'tflm',
  says: 'tflm:[PYTHON]  the TFLM interpreter, in a Python that has tflite-micro',
  list: async () => ['tflm:'],
  missing: (uri) => missingIn(pythonOf(uri, [], tflm).python, runtime),
  open: async (uri, options) => connect(uri, pythonOf(uri, [], tflm).python, runtime, {}, {}, options),
}
