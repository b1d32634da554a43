/** `litert:` TensorFlow Lite's successor, in a Python of this machine. */
import type { RunnerKind } from '../define.ts'
import { badRunner } from './bad-runner.ts'
import { connect, missingIn, pythonHere, pythonOf } from './python/connect.ts'
import { litertOptions, litertRuntime } from './python/runtimes.ts'

export const litert: RunnerKind = {
  scheme: 'litert',
  says: 'litert:[PYTHON][?kernels=xnnpack|builtin|reference][&threads=N]  LiteRT in a Python that has ai-edge-litert or tflite-runtime',
  list: async () => ['litert:'],
  missing: (uri) => missingIn(parse(uri).python, litertRuntime),
  open: async (uri, options) => {
    const { python, made } = parse(uri)
    return connect(pythonHere(uri, python), litertRuntime, made, { kernels: made.kernels, threads: String(made.threads) }, options)
  },
}

function parse(uri: string) {
  const { python, words } = pythonOf(uri, ['kernels', 'threads'], litert)
  const made = litertOptions(words)
  if (!made) throw badRunner(uri, litert)
  return { python, made }
}
