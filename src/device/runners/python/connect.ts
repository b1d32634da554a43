/** Runs a TFLite runtime in a Python, here or at the far end of a command, as one process that streams samples. */
import { createHash } from 'node:crypto'
import { execa } from 'execa'
import { DeviceError } from '../../../errors.ts'
import type { Runner, RunnerKind, RunnerOptions } from '../../define.ts'
import { badRunner } from '../bad-runner.ts'
import { conditionsOf } from '../conditions.ts'
import { frames } from './frames.ts'

/** What runs there, and how one gets the modules that it wants. */
export type Program = { readonly program: string; readonly howToGet: string; readonly tellsConditions?: true }

export type PythonRuntime = Program & {
  /** Modules of which one must be there, and the package that brings the first. */
  readonly modules: readonly string[]
  readonly package: string
}

export type Facts = Readonly<Record<string, string>>

/** How a process ended before it was asked to. */
export type Ending = { readonly how: string; readonly exitCode: number | undefined; readonly stderr: string }

/** A process that runs a program in Python. */
export type PythonCommand = {
  readonly uri: string
  /** Argument vector, given the program; what is in `preface` is written to the process first. */
  start(program: string): { readonly argv: readonly string[]; readonly preface?: Uint8Array }
  /** What an ending means where this command can say more than how it was. */
  explain?(ending: Ending): DeviceError | undefined
}

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

export const pythonHere = (uri: string, python: string): PythonCommand => ({
  uri,
  start: (program) => ({ argv: [python, '-u', '-c', program] }),
})

/** `options` go to the runtime's `make`; `facts` stand beside what it says of itself. */
export function connect(
  { uri, start, explain }: PythonCommand,
  runtime: Program,
  options: Readonly<Record<string, unknown>>,
  facts: Facts,
  { timeoutMs, signal }: RunnerOptions,
): Runner {
  const { argv, preface } = start(runtime.program)
  const child = execa(argv[0]!, argv.slice(1), {
    reject: false,
    buffer: { stdout: false, stderr: true },
    encoding: 'utf8',
    forceKillAfterDelay: 1_000,
    ...(signal && { cancelSignal: signal }),
  })
  const died = child.then(({ stderr, exitCode, signal: killed, shortMessage }) => {
    const ending = {
      how: killed ?? (exitCode === undefined ? String(shortMessage) : `exit code ${exitCode}`),
      exitCode,
      stderr: String(stderr),
    }
    return explain?.(ending) ?? fallen(ending, runtime)
  })
  const { ask } = frames(child.stdin!, child.stdout!, died, timeoutMs)
  if (preface) child.stdin!.write(preface)
  return {
    describe: async () => {
      const { fields } = await ask({ verb: 'describe' })
      return { runner: uri, facts: { ...wordsIn(fields.facts), ...facts }, timing: 'measured' }
    },
    load: async (model) => {
      const { fields } = await ask({ verb: 'load', ...options }, model)
      const digest = createHash('sha256').update(model).digest('hex')
      if (fields.sha256 === digest) return { initMs: Number(fields.initMs) }
      throw new DeviceError('model-changed', 'the model that arrived there is not the one that was sent', {
        found: String(fields.sha256).slice(0, 64),
        expected: digest,
        hint: 'Nothing was run. Try again; if it stays, look after the disk and the memory of both machines.',
      })
    },
    invoke: async (inputs, count) => {
      const { payload } = await ask({ verb: 'invoke', count }, inputs)
      return { durationsMs: [...new Float64Array(payload.slice(0, 8 * count).buffer)], outputs: payload.slice(8 * count) }
    },
    ...(runtime.tellsConditions && { conditions: async () => conditionsOf((await ask({ verb: 'conditions' })).fields.conditions) }),
    close: async () => {
      child.stdin!.end()
      child.kill()
      await child
    },
  }
}

const wordsIn = (facts: unknown): Facts =>
  Object.fromEntries(Object.entries(facts ?? {}).map(([name, fact]) => [name, String(fact).slice(0, 200)]))

function fallen({ how, stderr }: Ending, { howToGet }: Program): DeviceError {
  const last = stderr.trim().split('\n').at(-1) ?? ''
  if (/^ModuleNotFoundError|^ImportError/.test(last))
    return new DeviceError('runtime-missing', 'the Python there lacks a module', {
      found: last,
      hint: `There: ${howToGet}`,
    })
  return new DeviceError('runtime-died', 'the runtime process ended before it answered', {
    found: `${how}: ${last}`,
    hint: 'Its last words are above.',
  })
}
