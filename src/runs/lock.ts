/** One process at a time in a run folder. */
import { existsSync } from 'node:fs'
import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { UserError } from '../errors.ts'
import { cannotWrite } from './files.ts'

type Holder = { readonly pid: number; readonly host: string; readonly since: string }

/** Takes the lock file, whose holder's death frees it on the same host. Throws UserError `run-in-use`. Returns how to give it back. */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  for (let tries = 0; tries < 2; tries++) {
    try {
      await mkdir(dirname(path), { recursive: true })
      const file = await open(path, 'wx')
      const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() }
      await file.writeFile(JSON.stringify(holder))
      await file.close()
      return () => rm(path, { force: true })
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotWrite(path, cause)
      const holder = await readHolder(path)
      if (holder && isAlive(holder))
        throw new UserError('run-in-use', `another run works in ${dirname(path)}`, {
          found: `process ${holder.pid} on ${holder.host}, since ${holder.since}`,
          hint: `Wait for it, choose another folder with --out, or remove ${path} if that process is gone.`,
        })
      await rm(path, { force: true })
    }
  }
  throw new UserError('run-in-use', `another run took ${dirname(path)} at the same moment`, { hint: 'Try again.' })
}

/** Whether a living process holds the lock. */
export async function isHeld(path: string): Promise<boolean> {
  if (!existsSync(path)) return false
  const holder = await readHolder(path)
  return holder !== undefined && isAlive(holder)
}

/** A lock that cannot be read is one being written, or the leftover of a crash. */
async function readHolder(path: string): Promise<Holder | undefined> {
  for (let tries = 0; tries < 5; tries++) {
    try {
      return JSON.parse(await readFile(path, 'utf8')) as Holder
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  return undefined
}

function isAlive({ pid, host }: Holder): boolean {
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}
