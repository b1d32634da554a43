/** What a command writes to start from must not replace what is there. */
import { existsSync } from 'node:fs'
import { UserError } from '../errors.ts'

/** Throws UserError `file-exists` for the first that is there, before any is written. */
export function refuseExisting(paths: readonly string[]): void {
  for (const path of paths)
    if (existsSync(path))
      throw new UserError('file-exists', `${path} is there already`, { found: path, hint: 'Give another name, or --force.' })
}
