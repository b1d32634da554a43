/** A time limit given on the command line. */
import { UserError } from '../errors.ts'

export function readTimeout(text: string): number {
  const ms = Number(text)
  if (Number.isFinite(ms) && ms > 0) return ms
  throw new UserError('bad-option', '--timeout wants milliseconds', { found: text, expected: 'a number above 0' })
}
