/** Who holds a device: one process at a time, across processes of this machine, in the order in which they came. */
import { createHash } from 'node:crypto'
import { chmod, link, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { DeviceError } from '../../errors.ts'
import { type Holder, holderHere, isAlive } from './holder.ts'

export type LockOptions = {
  /** How long to queue; 0 not at all. */
  readonly waitMs?: number
  readonly signal?: AbortSignal
  readonly note?: (text: string) => void
  /** Where the locks are; a folder of this user and machine by default. */
  readonly folder?: string
}

const pollMs = 100

/** Devices are shared by all who can reach them: the folder of this machine that all its users may write to. */
export const lockFolder = (): string => process.env.PEAPOD_LOCKS ?? join(tmpdir(), `peapod-devices-${hostname()}`)

/**
 * Takes a device and answers with how to give it back. Throws DeviceError `device-in-use` where another holds it longer than `waitMs`.
 * A lock whose process is gone is taken over, with a note.
 */
export async function lockDevice(device: string, options: LockOptions = {}): Promise<() => Promise<void>> {
  const { waitMs = 0, signal, note, folder = lockFolder() } = options
  const paths = pathsOf(folder, device)
  await shareFolder(folder)
  await shareFolder(paths.queue)
  const holder = holderHere(device)
  // The time first, so that names sort in the order of coming.
  const ticket = join(paths.queue, `${String(Date.now()).padStart(15, '0')}-${holder.token}.json`)
  await writeFile(ticket, JSON.stringify(holder))
  const until = performance.now() + waitMs
  let told = ''
  try {
    for (;;) {
      const found = await holderOf(paths.lock)
      if (found && !isAlive(found)) await takeOver(paths.lock, found, holder, note)
      else if (!found && (await isNext(paths.queue, ticket)) && (await tryLink(ticket, paths.lock)))
        return async () => {
          if ((await holderOf(paths.lock))?.token === holder.token) await rm(paths.lock, { force: true })
        }
      else if (signal?.aborted)
        throw new DeviceError('runner-cancelled', 'cancelled while waiting for the device', { hint: 'Start it again.' })
      else if (performance.now() >= until) throw inUse(device, found, waitMs)
      else {
        if (found && told !== found.token) note?.(`${device} is held by ${who(found)}: waiting for at most ${Math.round(waitMs / 1e3)} s`)
        told = found?.token ?? told
        await pause(pollMs)
      }
    }
  } finally {
    await rm(ticket, { force: true })
  }
}

/** Who holds a device now; undefined where nobody does. */
export const deviceHolder = async (device: string, folder = lockFolder()): Promise<Holder | undefined> => {
  const holder = await holderOf(pathsOf(folder, device).lock)
  return holder && isAlive(holder) ? holder : undefined
}

/** All devices that are held now. */
export async function heldDevices(folder = lockFolder()): Promise<Holder[]> {
  const names = await readdir(folder).catch(() => [] as string[])
  const holders = await Promise.all(names.filter((name) => name.endsWith('.lock')).map((name) => holderOf(join(folder, name))))
  return holders.filter((holder) => holder !== undefined && isAlive(holder)) as Holder[]
}

/** All users of the machine share its devices, whatever the umask of the first. */
async function shareFolder(path: string): Promise<void> {
  if ((await mkdir(path, { recursive: true })) !== undefined) await chmod(path, 0o777)
}

function pathsOf(folder: string, device: string) {
  const name = createHash('sha256').update(device).digest('hex').slice(0, 24)
  return { lock: join(folder, `${name}.lock`), queue: join(folder, `${name}.queue`) }
}

async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

/** Whether nobody who still lives came before. Tickets of the dead are swept; nobody else has their names. */
async function isNext(queue: string, ticket: string): Promise<boolean> {
  for (const name of (await readdir(queue)).sort()) {
    const path = join(queue, name)
    if (path === ticket) return true
    const before = await holderOf(path)
    if (before && isAlive(before)) return false
    // One that cannot be read is being written at this moment, or the leftover of a crash.
    const age = before ? Infinity : Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? 0)
    if (age < 2_000) return false
    await rm(path, { force: true })
  }
  return true
}

/** A hard link appears whole, or not at all where the name is taken. */
async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw cause
  }
}

/** Only one process can make the claim on a dead holder's token, so no one can remove a lock that was just taken. */
async function takeOver(lock: string, dead: Holder, mine: Holder, note: LockOptions['note']): Promise<void> {
  const claim = `${lock}.${dead.token}.claim`
  try {
    await writeFile(claim, JSON.stringify(mine), { flag: 'wx' })
  } catch {
    const claimant = await holderOf(claim)
    if (claimant && !isAlive(claimant)) await rm(claim, { force: true })
    await pause(pollMs)
    return
  }
  try {
    if ((await holderOf(lock))?.token !== dead.token) return
    await rm(lock, { force: true })
    note?.(`took ${dead.device} over from ${who(dead)}, which is gone`)
  } finally {
    await rm(claim, { force: true })
  }
}

const who = ({ user, pid, host, since }: Holder): string => `process ${pid} of ${user} on ${host} since ${since}`

const inUse = (device: string, found: Holder | undefined, waitMs: number): DeviceError =>
  new DeviceError('device-in-use', `${device} is in use`, {
    found: found ? who(found) : 'others wait for it',
    hint: waitMs ? 'It was not free in time: wait longer.' : 'Wait for it with --wait SECONDS.',
  })
