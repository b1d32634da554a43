/** Runs a TFLite runtime in a Python of this machine, as one process that streams samples. */
import { execa } from 'execa'
import type { Runner, RunnerKind, RunnerOptions } from '../../define.ts'
import { badRunner } from '../bad-runner.ts'
import { frames } from './frames.ts'
import { pythonProgram } from './program.py.ts'

export type PythonRuntime = {
  /** Modules of which one must be there, and the package that brings the first. */
  readonly modules: readonly string[]
  readonly package: string
  /** Python for `pythonProgram`. */
  readonly source: string
}

type Facts = Readonly<Record<string, string>>

/** The Python of a URI such as `litert:/usr/bin/python3?threads=2`; python3 on the path where none is named. Throws UserError `bad-runner`. */
export function pythonOf(
  uri: string,
  known: readonly string[],
  kind: Pick<RunnerKind, 'says'>,
): { python: string; words: URLSearchParams } {
  const { pathname, searchParams } = new URL(uri)
  const python = decodeURIComponent(pathname) || 'python3'
  const unknown = [...searchParams.keys()].find((word) => !known.includes(word))
  if (unknown !== undefined || python.startsWith('-')) throw badRunner(uri, kind)
  return { python, words: searchParams }
}

export async function missingIn(python: string, { modules, package: name }: PythonRuntime): ReturnType<RunnerKind['missing']> {
  const found = modules.map((module) => `u.find_spec("${module}")`).join(' or ')
  const probe = `import importlib.util as u, sys; sys.exit(0 if ${found} else 9)`
  const { exitCode, failed } = await execa(python, ['-c', probe], { reject: false, timeout: 20_000, stdin: 'ignore' })
  if (exitCode === 9) return { what: `${python} has no ${modules.join(' or ')}`, hint: `${python} -m pip install ${name}` }
  return failed ? { what: `${python} does not run here`, hint: 'Name the Python that has it, such as litert:/path/to/python3' } : undefined
}

/** `options` go to the runtime's `make`; `facts` stand beside what it says of itself. */
export function connect(
  uri: string,
  python: string,
  { source }: PythonRuntime,
  options: Readonly<Record<string, unknown>>,
  facts: Facts,
  { timeoutMs, signal }: RunnerOptions,
): Runner {
  const child = execa(python, ['-u', '-c', pythonProgram(source)], {
    reject: false,
    buffer: { stdout: false, stderr: true },
    encoding: 'utf8',
    ...(signal && { cancelSignal: signal }),
  })
  let closing = false
  const lastWords = (stderr: unknown) => String(stderr).trim().split('\n').at(-1)
  const died = child.then(({ stderr, exitCode, signal }) =>
    closing ? 'closed' : `${signal ?? `exit code ${exitCode}`}: ${lastWords(stderr)}`,
  )
  const { ask } = frames(child.stdin!, child.stdout!, died, timeoutMs)
  return {
    describe: async () => {
      const { fields } = await ask({ verb: 'describe' })
      return { runner: uri, facts: { ...(fields.facts as Facts), ...facts }, timing: 'measured' }
    },
    load: async (model) => ({ initMs: Number((await ask({ verb: 'load', ...options }, model)).fields.initMs) }),
    invoke: async (inputs, count) => {
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
