/** What an `ssh:` URI says. */
import type { RunnerKind } from '../../define.ts'
import { badRunner } from '../bad-runner.ts'
import { litertOptions, litertRuntime, tflmRuntime } from '../python/runtimes.ts'

const known = ['runtime', 'kernels', 'threads', 'identity', 'known-hosts']

/** Words that may travel to the other end: ssh joins them, and a shell there reads them. */
export const isRemoteWord = (word: string): boolean => /^[A-Za-z0-9_./][A-Za-z0-9_./-]*$/.test(word) && !word.split('/').includes('..')

/** `ssh://user@host[:port][/path/to/python3]?runtime=litert`. Throws UserError `bad-runner`. */
export function sshAddress(uri: string, kind: Pick<RunnerKind, 'says'>) {
  const off = (found: string) => badRunner(uri, kind, found)
  const found = /^ssh:\/\/([A-Za-z_][\w.-]*)@([A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9a-fA-F:.]+\])(?::(\d{1,5}))?(\/[^?]*)?(?:\?(.*))?$/.exec(uri)
  if (!found) throw off(uri)
  const [, user, host, port = '22', path, query = ''] = found
  const words = new URLSearchParams(query)
  const unknown = [...words.keys()].find((word) => !known.includes(word))
  if (unknown !== undefined) throw off(unknown)
  const python = path === undefined || path === '/' ? 'python3' : path
  if (!isRemoteWord(python)) throw off(python)
  if (Number(port) < 1 || Number(port) > 65_535) throw off(port)
  const name = words.get('runtime') ?? 'litert'
  const made = litertOptions(words)
  if (!['litert', 'tflm'].includes(name) || !made) throw off(query)
  return {
    user: user!,
    host: host!.replace(/^\[|\]$/g, ''),
    port: Number(port),
    python,
    identity: words.get('identity') ?? undefined,
    knownHosts: words.get('known-hosts') ?? '.peapod/known_hosts',
    ...(name === 'litert'
      ? { runtime: litertRuntime, options: made, facts: { kernels: made.kernels, threads: String(made.threads) } }
      : { runtime: tflmRuntime, options: {}, facts: {} }),
  }
}

export type SshAddress = ReturnType<typeof sshAddress>
