/** The far end of the `litert:` runner: a Python program that keeps one interpreter and answers framed requests. */

/** Frames both ways: one line of JSON whose `bytes` says how many raw bytes follow. */
export const litertProgram = `
import json, struct, sys, time
import numpy as np
try:
    from ai_edge_litert import interpreter as tfl
    import ai_edge_litert as package
    runtime = 'ai-edge-litert'
except ImportError:
    import tflite_runtime.interpreter as tfl
    import tflite_runtime as package
    runtime = 'tflite-runtime'

source, sink, state = sys.stdin.buffer, sys.stdout.buffer, {}

def reply(fields, payload=b''):
    fields['bytes'] = len(payload)
    sink.write(json.dumps(fields).encode() + b'\\n' + payload)
    sink.flush()

def load(request, payload):
    started = time.perf_counter()
    options = {'num_threads': request['threads']}
    resolver = {'reference': 'BUILTIN_REF', 'builtin': 'BUILTIN_WITHOUT_DEFAULT_DELEGATES', 'xnnpack': 'AUTO'}[request['kernels']]
    options['experimental_op_resolver_type'] = getattr(tfl.OpResolverType, resolver)
    interpreter = tfl.Interpreter(model_content=payload, **options)
    interpreter.allocate_tensors()
    state['interpreter'] = interpreter
    reply({'initMs': (time.perf_counter() - started) * 1e3})

def invoke(request, payload):
    interpreter = state['interpreter']
    entry, exits = interpreter.get_input_details()[0], interpreter.get_output_details()
    inputs = np.frombuffer(payload, dtype=entry['dtype']).reshape((request['count'],) + tuple(entry['shape']))
    times, outputs = [], []
    for one in inputs:
        started = time.perf_counter()
        interpreter.set_tensor(entry['index'], one)
        interpreter.invoke()
        outputs.extend(interpreter.get_tensor(exit['index']).tobytes() for exit in exits)
        times.append((time.perf_counter() - started) * 1e3)
    reply({'count': len(times)}, struct.pack('<%dd' % len(times), *times) + b''.join(outputs))

def describe(request, payload):
    try:
        from importlib.metadata import version
        number = version(runtime)
    except Exception:
        number = getattr(package, '__version__', 'unknown')
    reply({'runtime': runtime, 'version': number, 'python': sys.version.split()[0], 'numpy': np.__version__})

verbs = {'describe': describe, 'load': load, 'invoke': invoke}
while True:
    line = source.readline()
    if not line:
        break
    request = json.loads(line)
    payload = source.read(request['bytes'])
    try:
        verbs[request['verb']](request, payload)
    except Exception as error:
        reply({'error': '%s: %s' % (type(error).__name__, error)})
`
