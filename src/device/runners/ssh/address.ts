/** What an `ssh:` URI says. */
import type { RunnerKind } from '../../define.ts'
import { badRunner } from '../bad-runner.ts'
import { farRuntime, farWords } from '../remote/far-runtime.ts'

const known = [...farWords, 'identity', 'known-hosts']

/** `ssh://user@host[:port][/path/to/python3]?runtime=litert`. Throws UserError `bad-runner`. */
export function sshAddress(uri: string, kind: Pick<RunnerKind, 'says'>) {
  const off = (found: string) => badRunner(uri, kind, found)
  const found = /^ssh:\/\/([A-Za-z_][\w.-]*)@([A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9a-fA-F:.]+\])(?::(\d{1,5}))?(\/[^?]*)?(?:\?(.*))?$/.exec(uri)
  if (!found) throw off(uri)
  const [, user, host, port = '22', path, query = ''] = found
  const words = new URLSearchParams(query)
  const unknown = [...words.keys()].find((word) => !known.includes(word))
  if (unknown !== undefined) throw off(unknown)
  if (Number(port) < 1 || Number(port) > 65_535) throw off(port)
  return {
    user: user!,
    host: host!.replace(/^\[|\]$/g, ''),
    port: Number(port),
    identity: words.get('identity') ?? undefined,
    knownHosts: words.get('known-hosts') ?? '.peapod/known_hosts',
    ...farRuntime(words, path, '/tmp', off),
  }
}

export type SshAddress = ReturnType<typeof sshAddress>
