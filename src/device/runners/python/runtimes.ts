/** The runtimes that Python brings, and the options of each. */
import type { PythonRuntime } from './connect.ts'
import { pythonProgram } from './program.py.ts'

const kernelSets = ['xnnpack', 'builtin', 'reference']

export const litertRuntime: PythonRuntime = {
  modules: ['ai_edge_litert', 'tflite_runtime'],
  package: 'ai-edge-litert',
  howToGet: 'python3 -m pip install ai-edge-litert',
  tellsConditions: true,
  program: pythonProgram(`
try:
    from ai_edge_litert import interpreter as tfl
    name = 'ai-edge-litert'
except ImportError:
    import tflite_runtime.interpreter as tfl
    name = 'tflite-runtime'

def about():
    return {'runtime': name, 'version': version(name)}

def make(model, options):
    resolver = {'reference': 'BUILTIN_REF', 'builtin': 'BUILTIN_WITHOUT_DEFAULT_DELEGATES', 'xnnpack': 'AUTO'}[options['kernels']]
    interpreter = tfl.Interpreter(model_content=model, num_threads=options['threads'],
                                  experimental_op_resolver_type=getattr(tfl.OpResolverType, resolver))
    interpreter.allocate_tensors()
    entry, exits = interpreter.get_input_details()[0], interpreter.get_output_details()

    def run(one):
        interpreter.set_tensor(entry['index'], one)
        interpreter.invoke()
        return b''.join(interpreter.get_tensor(exit['index']).tobytes() for exit in exits)
    return run, entry['dtype'], entry['shape']
`),
}

export const tflmRuntime: PythonRuntime = {
  modules: ['tflite_micro'],
  package: 'tflite-micro',
  howToGet: 'python3 -m pip install tflite-micro',
  tellsConditions: true,
  program: pythonProgram(`
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
`),
}

/** Undefined where the words are off. */
export function litertOptions(words: URLSearchParams): { readonly kernels: string; readonly threads: number } | undefined {
  const kernels = words.get('kernels') ?? 'xnnpack'
  const threads = Number(words.get('threads') ?? 1)
  return kernelSets.includes(kernels) && Number.isInteger(threads) && threads >= 1 ? { kernels, threads } : undefined
}
