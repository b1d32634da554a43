/** What can go wrong outside Peapod, and the exit code that CI reads for it. */
import { redact } from './redact.ts'

/** Exit codes of `peapod …`: a gate that failed is not a cable that fell out. */
export const exitCodes = { pass: 0, gate: 1, user: 2, device: 3, bug: 70, interrupted: 130 } as const

export type ErrorDetails = {
  /** What to do about it, one sentence. */
  readonly hint?: string
  readonly found?: string
  readonly expected?: string
  readonly cause?: unknown
}

/** A bad file, option or value at a door: a stable kebab-case code, what was found, what was expected, a hint; all without secrets. */
export class UserError extends Error {
  override readonly name: string = 'UserError'
  readonly code: string
  readonly hint: string | undefined
  readonly found: string | undefined
  readonly expected: string | undefined
  readonly exitCode: number = exitCodes.user

  constructor(code: string, message: string, { hint, found, expected, cause }: ErrorDetails = {}) {
    super(redact(message), cause === undefined ? undefined : { cause })
    this.code = code
    this.hint = hint && redact(hint)
    this.found = found && redact(found)
    this.expected = expected && redact(expected)
  }
}

/** A device, a runtime or a wire that failed: never a verdict on the model. */
export class DeviceError extends UserError {
  override readonly name = 'DeviceError'
  override readonly exitCode = exitCodes.device
}

/** A broken promise inside Peapod; only `cli.ts` catches it. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`broken promise: ${message}`)
}
