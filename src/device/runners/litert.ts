/** `litert:` TensorFlow Lite's successor, in a Python of this machine. */
import type { RunnerKind } from '../define.ts'
import { badRunner } from './bad-runner.ts'
import { connect, missingIn, type PythonRuntime, pythonOf } from './python/connect.ts'

const kernelSets = ['xnnpack', 'builtin', 'reference']

const runtime: PythonRuntime = {
  modules: ['ai_edge_litert', 'tflite_runtime'],
  package: 'ai-edge-litert',
  source: `
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
`,
}

export const litert: RunnerKind = {
  scheme: 'litert',
  says: 'litert:[PYTHON][?kernels=xnnpack|builtin|reference][&threads=N]  LiteRT in a Python that has ai-edge-litert or tflite-runtime',
  list: async () => ['litert:'],
  missing: (uri) => missingIn(parse(uri).python, runtime),
  open: async (uri, options) => {
    const { python, kernels, threads } = parse(uri)
    return connect(uri, python, runtime, { kernels, threads }, { kernels, threads: String(threads) }, options)
  },
}

function parse(uri: string) {
  const { python, words } = pythonOf(uri, ['kernels', 'threads'], litert)
  const kernels = words.get('kernels') ?? 'xnnpack'
  const threads = Number(words.get('threads') ?? 1)
  if (!kernelSets.includes(kernels) || !Number.isInteger(threads) || threads < 1) throw badRunner(uri, litert)
  return { python, kernels, threads }
}
