/** The far end of the runners that live in Python: one process that keeps an interpreter and answers framed requests. */

/**
 * Frames both ways: one line of JSON whose `bytes` says how many raw bytes follow, behind the SHA-256 of both, since not every wire
 * notices a bit that falls over; a reply has the `number` of its request, since some wires bring one twice. `runtime` is Python that defines
 * `make(model, options)`, which returns `(invoke, dtype, shape)`, where `invoke(array)` returns the bytes of the outputs;
 * and `about()`, a dictionary of words.
 */
export const pythonProgram = (runtime: string): string => `
import glob, hashlib, json, os, struct, sys, time
import numpy as np
source, sink, state = sys.stdin.buffer, os.fdopen(os.dup(1), 'wb'), {}
os.dup2(2, 1)  # what a runtime prints must not break the frames
from importlib.metadata import version
${runtime}
def reply(fields, payload=b''):
    fields.update(number=state.get('number'), bytes=len(payload))
    line = json.dumps(fields).encode()
    sink.write(digest(line, payload) + b' ' + line + b'\\n' + payload)
    sink.flush()

def digest(line, payload):
    whole = hashlib.sha256(line)
    whole.update(payload)
    return whole.hexdigest().encode()

def load(request, payload):
    arrived = hashlib.sha256(payload).hexdigest()
    started = time.perf_counter()
    state['model'] = make(payload, request)
    reply({'initMs': (time.perf_counter() - started) * 1e3, 'sha256': arrived})

def invoke(request, payload):
    run, dtype, shape = state['model']
    inputs = np.frombuffer(payload, dtype=dtype).reshape((request['count'],) + tuple(shape))
    times, outputs = [], []
    for one in inputs:
        started = time.perf_counter()
        outputs.append(run(one))
        times.append((time.perf_counter() - started) * 1e3)
    reply({'count': len(times)}, struct.pack('<%dd' % len(times), *times) + b''.join(outputs))

def describe(request, payload):
    reply({'facts': dict(about(), python=sys.version.split()[0], numpy=np.__version__)})

def words(pattern):
    found = []
    for path in sorted(glob.glob(pattern)):
        try:
            with open(path) as file:
                found.append(file.read(64).strip())
        except OSError:
            pass
    return found

def conditions(request, payload):
    base = '/sys/devices/system/cpu/cpu0/cpufreq/'
    told = {'governor': words(base + 'scaling_governor'), 'frequency': words(base + 'scaling_cur_freq'),
            'temperatures': words('/sys/class/thermal/thermal_zone*/temp')}
    reply({'conditions': told})

verbs = {'describe': describe, 'load': load, 'invoke': invoke, 'conditions': conditions}
while True:
    line = source.readline()
    if not line:
        break
    seal, _, line = line.rstrip(b'\\n').partition(b' ')
    request = json.loads(line)
    payload = source.read(request['bytes'])
    try:
        if digest(line, payload) != seal:
            reply({'garbled': 1})
            break
        state['number'] = request['number']
        verbs[request['verb']](request, payload)
    except Exception as error:
        reply({'error': '%s: %s' % (type(error).__name__, error)})
`
