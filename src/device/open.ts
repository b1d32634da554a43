/** Opens a runner by its URI. */
import { closest, distance } from 'fastest-levenshtein'
import { UserError } from '../errors.ts'
import type { Runner, RunnerKind, RunnerOptions } from './define.ts'
import * as kinds from './runners/index.ts'

export const runnerKinds: readonly RunnerKind[] = Object.values(kinds)

/** Finds the kind of a URI. Throws UserError `unknown-runner`. */
export function runnerKind(uri: string): RunnerKind {
  const scheme = uri.split(':')[0]!
  const kind = uri.includes(':') && runnerKinds.find((k) => k.scheme === scheme)
  if (kind) return kind
  const near = closest(
    scheme,
    runnerKinds.map((k) => k.scheme),
  )
  throw new UserError('unknown-runner', `there is no runner ${uri}`, {
    found: uri,
    expected: runnerKinds.map((k) => k.says).join('\n'),
    hint: distance(scheme, near) <= 3 ? `Did you mean ${near}: (with its colon)?` : 'A runner is named by a URI.',
  })
}

export const openRunner = (uri: string, options: RunnerOptions): Promise<Runner> => runnerKind(uri).open(uri, options)
