/** The words that say what runs on another machine, alike for every way to reach it. */
import type { Runner, RunnerOptions } from '../../define.ts'
import { connectBenchmark } from '../benchmark-model/connect.ts'
import { benchmarkWords } from '../benchmark-model/words.ts'
import { connect } from '../python/connect.ts'
import { remoteCommand } from '../python/remote-command.ts'
import { litertOptions, litertRuntime, tflmRuntime } from '../python/runtimes.ts'
import type { Remote } from './define.ts'
import { isRemoteWord } from './words.ts'

export const farWords = ['runtime', 'kernels', 'threads', 'delegate', 'fallback', 'work']

export type FarRuntime = {
  readonly program: string
  /** A folder there that may be written to. */
  readonly work: string
  open(uri: string, remote: Remote, options: RunnerOptions): Promise<Runner>
}

const pythons = { litert: litertRuntime, tflm: tflmRuntime } as const

/** `base` is a folder that anybody may write to there. `off` makes the error for words that are off. */
export function farRuntime(words: URLSearchParams, path: string | undefined, base: string, off: (found: string) => Error): FarRuntime {
  const name = words.get('runtime') ?? 'litert'
  const work = words.get('work') ?? base
  const given = path === undefined || path === '/' ? undefined : path
  for (const word of [given ?? 'python3', work]) if (!isRemoteWord(word)) throw off(word)
  if (name === 'benchmark_model') {
    const program = given ?? (base === '/tmp' ? name : `${base}/${name}`)
    const chosen = benchmarkWords(words, program)
    if (!chosen) throw off(words.toString())
    return { program, work, open: (uri, remote, options) => connectBenchmark(uri, remote, chosen, options) }
  }
  const options = litertOptions(words)
  if (!(name in pythons) || !options || words.has('delegate') || words.has('fallback')) throw off(words.toString())
  const runtime = pythons[name as keyof typeof pythons]
  const program = given ?? 'python3'
  const facts = name === 'litert' ? { kernels: options.kernels, threads: String(options.threads) } : {}
  return {
    program,
    work,
    open: async (uri, remote, given) => {
      const start = (code: string) => {
        const preface = new TextEncoder().encode(code)
        return { argv: remote.argv(remoteCommand(program, preface)), preface }
      }
      return connect({ uri, start, explain: remote.explain }, runtime, name === 'litert' ? options : {}, facts, given)
    },
  }
}
