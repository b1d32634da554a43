/** The words that say what runs on another machine, alike for every way to reach it. */
import { litertOptions, litertRuntime, tflmRuntime } from '../python/runtimes.ts'
import { isRemoteWord } from './words.ts'

export const farWords = ['runtime', 'kernels', 'threads', 'work']

/** `base` is a folder that anybody may write to there. `off` makes the error for words that are off. */
export function farRuntime(words: URLSearchParams, path: string | undefined, base: string, off: (found: string) => Error) {
  const name = words.get('runtime') ?? 'litert'
  const made = litertOptions(words)
  const program = path === undefined || path === '/' ? 'python3' : path
  const work = words.get('work') ?? base
  if (!['litert', 'tflm'].includes(name) || !made) throw off(words.toString())
  for (const word of [program, work]) if (!isRemoteWord(word)) throw off(word)
  return {
    program,
    work,
    ...(name === 'litert'
      ? { runtime: litertRuntime, options: made, facts: { kernels: made.kernels, threads: String(made.threads) } }
      : { runtime: tflmRuntime, options: {}, facts: {} }),
  }
}
