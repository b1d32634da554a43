/** Opens a runner by its URI. */
import { closest, distance } from 'fastest-levenshtein'
import { DeviceError, UserError } from '../errors.ts'
import { redact } from '../redact.ts'
import type { Runner, RunnerKind, RunnerOptions } from './define.ts'
import { keepContract, untilAborted } from './keep-contract.ts'
import { lockDevice } from './lock/lock.ts'
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

/** Throws DeviceError `runtime-missing` for a runner that cannot run here. */
export async function requireRunner(uri: string): Promise<RunnerKind> {
  const kind = runnerKind(uri)
  const lack = await kind.missing(uri)
  if (lack) throw new DeviceError('runtime-missing', `${uri} cannot run here: ${lack.what}`, { hint: lack.hint })
  return kind
}

/**
 * Opens what a URI names, and holds its device until `close`. Throws UserError `unknown-runner` and `bad-runner`, DeviceError
 * `device-in-use` and for what fails there.
 */
export async function openRunner(uri: string, given: RunnerOptions): Promise<Runner> {
  const { note } = given
  const options = note ? { ...given, note: (text: string) => note(redact(text)) } : given
  const kind = await requireRunner(uri)
  const release = kind.device && (await lockDevice(await kind.device(uri), options))
  const opening = kind.open(uri, options)
  try {
    return keepContract(await untilAborted(() => opening, options.signal), options.signal, release)
  } catch (error) {
    // Cancelled while it opened: what opens late is closed, and only then is the device free.
    await opening.then((late) => late.close()).catch(() => {})
    await release?.()
    throw error
  }
}
