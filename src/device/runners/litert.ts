/** `litert:` TensorFlow Lite's successor in a Python of this machine, kept as one process that streams samples. */
import { execa } from 'execa'
import { UserError } from '../../errors.ts'
import type { RunnerKind, RunnerOptions } from '../define.ts'
import { frames } from './frames.ts'
import { litertProgram } from './litert.py.ts'

const kernelSets = ['xnnpack', 'builtin', 'reference'] as const
const probe = 'import importlib.util as u,sys; sys.exit(0 if u.find_spec("ai_edge_litert") or u.find_spec("tflite_runtime") else 9)'

export const litert: RunnerKind = {
  scheme: 'litert',
  says: 'litert:[PYTHON][?kernels=xnnpack|builtin|reference][&threads=N]  LiteRT in a Python that has ai-edge-litert or tflite-runtime',
  missing: (uri) => missing(parse(uri).python),
  open: async (uri, options) => {
    const { python, kernels, threads } = parse(uri)
    return connect(uri, python, kernels, threads, options)
  },
}

function parse(uri: string) {
  const { pathname, searchParams } = new URL(uri)
  const kernels = (searchParams.get('kernels') ?? 'xnnpack') as (typeof kernelSets)[number]
  const threads = Number(searchParams.get('threads') ?? 1)
  const unknown = [...searchParams.keys()].find((k) => !['kernels', 'threads'].includes(k))
  if (unknown || !kernelSets.includes(kernels) || !Number.isInteger(threads) || threads < 1)
    throw new UserError('bad-runner', `this runner's options are off: ${uri}`, { expected: litert.says })
  const python = decodeURIComponent(pathname) || 'python3'
  if (python.startsWith('-')) throw new UserError('bad-runner', `a program's name may not start with a dash: ${python}`, {})
  return { python, kernels, threads }
}

async function missing(python: string): Promise<{ what: string; hint: string } | undefined> {
  const { exitCode, failed } = await execa(python, ['-c', probe], { reject: false, timeout: 20_000, stdin: 'ignore' })
  if (exitCode === 9)
    return { what: `${python} has neither ai-edge-litert nor tflite-runtime`, hint: `${python} -m pip install ai-edge-litert` }
  return failed ? { what: `${python} does not run here`, hint: 'Name the Python that has it: litert:/path/to/python3' } : undefined
}

function connect(uri: string, python: string, kernels: string, threads: number, { timeoutMs, signal }: RunnerOptions) {
  const child = execa(python, ['-u', '-c', litertProgram], {
    reject: false,
    buffer: { stdout: false, stderr: true },
    encoding: 'utf8',
    ...(signal && { cancelSignal: signal }),
  })
  let closing = false
  const died = child.then(({ stderr, exitCode }) =>
    closing ? 'closed' : `exit code ${exitCode}: ${String(stderr).trim().split('\n').at(-1)}`,
  )
  const { ask } = frames(child.stdin!, child.stdout!, died, timeoutMs)
  return {
    describe: async () => {
      const { fields } = await ask({ verb: 'describe' })
      const facts = Object.fromEntries(['runtime', 'version', 'python', 'numpy'].map((k) => [k, String(fields[k])]))
      return { runner: uri, facts: { ...facts, kernels, threads: String(threads) }, timing: 'measured' as const }
    },
    load: async (model: Uint8Array) => ({ initMs: Number((await ask({ verb: 'load', kernels, threads }, model)).fields.initMs) }),
    invoke: async (inputs: Uint8Array, count: number) => {
      const { payload } = await ask({ verb: 'invoke', count }, inputs)
      return { durationsMs: [...new Float64Array(payload.slice(0, 8 * count).buffer)], outputs: payload.slice(8 * count) }
    },
    close: async () => {
      closing = true
      child.stdin!.end()
      child.kill()
      await child
    },
  }
}
