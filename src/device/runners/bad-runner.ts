/** The error of a URI that a kind of runner does not understand. */
import { UserError } from '../../errors.ts'
import type { RunnerKind } from '../define.ts'

export const badRunner = (uri: string, { says }: Pick<RunnerKind, 'says'>, found = uri): UserError =>
  new UserError('bad-runner', `this runner's options are off: ${uri}`, { found, expected: says })
