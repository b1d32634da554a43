/** A process that holds a device, or waits for one. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'

export type Holder = {
  readonly device: string
  readonly pid: number
  /** When the process began, where the system tells it: a pid is used again, the pair is not. */
  readonly began: string
  readonly host: string
  readonly user: string
  readonly since: string
  readonly token: string
}

export const holderHere = (device: string): Holder => ({
  device,
  pid: process.pid,
  began: beganOf(process.pid),
  host: hostname(),
  user: nameOfUser(),
  since: new Date().toISOString(),
  token: randomBytes(8).toString('hex'),
})

/** Whether the process lives; of another machine's we cannot know, and believe that it does. */
export function isAlive({ pid, began, host }: Holder): boolean {
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const now = beganOf(pid)
  return began === '' || now === '' || now === began
}

/** Clock ticks from boot to the process's start: field 22 of /proc/PID/stat, counted after the name, which may hold spaces. */
function beganOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

function nameOfUser(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
