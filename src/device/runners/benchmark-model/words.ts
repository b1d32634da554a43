/** Which delegate `benchmark_model` shall use, and the flags that say so. */
import { isRemoteWord } from '../remote/words.ts'

export type BenchmarkWords = {
  readonly program: string
  readonly flags: readonly string[]
  /** Absent where none was asked for. */
  readonly delegate?: string
  /** Whether the CPU may run what the delegate does not take. */
  readonly mayFallBack: boolean
}

/** One line a delegate that the program has in itself. */
const delegates: Readonly<Record<string, readonly string[]>> = {
  cpu: ['--use_xnnpack=false'],
  xnnpack: ['--use_xnnpack=true'],
  gpu: ['--use_gpu=true'],
  nnapi: ['--use_nnapi=true'],
  hexagon: ['--use_hexagon=true'],
  coreml: ['--use_coreml=true'],
}

/** `delegate` is a name of the list above, or the path of an external one there. Undefined where the words are off. */
export function benchmarkWords(words: URLSearchParams, program: string): BenchmarkWords | undefined {
  const asked = words.get('delegate') ?? undefined
  const threads = words.get('threads') ?? '1'
  const mayFallBack = words.get('fallback') === '1'
  if (!/^[1-9]\d{0,2}$/.test(threads) || !['0', '1', null].includes(words.get('fallback')) || words.has('kernels')) return undefined
  const chosen =
    asked === undefined ? [] : asked.startsWith('/') && isRemoteWord(asked) ? [`--external_delegate_path=${asked}`] : delegates[asked]
  if (!chosen) return undefined
  const proven = asked !== undefined && asked !== 'cpu'
  return {
    program,
    flags: [`--num_threads=${threads}`, ...chosen, ...(proven && !mayFallBack ? ['--require_full_delegation=true'] : [])],
    ...(proven && { delegate: asked }),
    mayFallBack,
  }
}
