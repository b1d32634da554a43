/** Limits given on the command line. */
import { UserError } from '../errors.ts'

export function readTimeout(text: string): number {
  const ms = Number(text)
  if (Number.isFinite(ms) && ms > 0) return ms
  throw new UserError('bad-option', '--timeout wants milliseconds', { found: text, expected: 'a number above 0' })
}

/** Seconds to queue for a device, as milliseconds. */
export function readWait(text: string): number {
  const seconds = Number(text)
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1e3
  throw new UserError('bad-option', '--wait wants seconds', { found: text, expected: 'a number, 0 or more' })
}

/** Quantisation steps. */
export function readSteps(text: string): number {
  const steps = Number(text)
  if (Number.isInteger(steps) && steps >= 0) return steps
  throw new UserError('bad-option', '--tolerance wants quantisation steps', { found: text, expected: 'a whole number, 0 or more' })
}

/** How long something may take at most, in seconds. */
export function readSeconds(text: string): number {
  const seconds = Number(text)
  if (Number.isFinite(seconds) && seconds > 0) return seconds
  throw new UserError('bad-option', '--limit wants seconds', { found: text, expected: 'a number above 0' })
}

/** A share of the median. */
export function readWidth(text: string): number {
  const share = Number(text)
  if (share > 0 && share <= 1) return share
  throw new UserError('bad-option', '--width wants a share of the median', { found: text, expected: 'above 0, at most 1, such as 0.05' })
}
