/** One temporary folder for a whole run of the tests, gone when they end, whatever they left in it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Processes that start later, those of the tests too, take it for the system's. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'peapod-tests-'))
  const before = process.env.TMPDIR
  process.env.TMPDIR = folder
  return () => {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}
