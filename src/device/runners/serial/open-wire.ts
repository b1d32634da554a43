/**
 * Opens a wire: a TCP port, or a terminal device. A terminal needs no package: Node reads and writes it as it does its own terminal, and
 * `stty`, which every Unix has, sets its speed.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { connect } from 'node:net'
import { isatty, ReadStream } from 'node:tty'
import { DeviceError } from '../../../errors.ts'
import type { Place } from './address.ts'
import { type Wire, wireOver } from './wire.ts'

const hints: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there: is ser2net, or the simulator, running?',
  ENOTFOUND: 'There is no host of that name.',
  EHOSTUNREACH: 'The host does not answer: is it on, and the network up?',
  ENOENT: 'The device is not plugged in: `peapod devices` lists those that are.',
  EACCES: 'You may not open it: add yourself to the group that owns it (often dialout), or ask udev.',
  EBUSY: 'Another program holds it: a terminal, or ModemManager?',
}

/** Throws DeviceError `wire-lost` where there is nothing to open, `runtime-timeout` where it does not answer. */
export const openWire = (place: Place, timeoutMs: number): Promise<Wire> =>
  place.kind === 'tcp' ? openTcp(place, timeoutMs) : openTty(place)

const cannot = (where: string, cause: unknown): DeviceError => {
  const { code = '', message } = cause as NodeJS.ErrnoException
  return new DeviceError('wire-lost', `cannot open ${where}: ${message}`, { cause, hint: hints[code] ?? 'Is it there, and yours?' })
}

function openTcp({ host, port }: Place & { kind: 'tcp' }, timeoutMs: number): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true })
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new DeviceError('runtime-timeout', `${host}:${port} did not answer in ${timeoutMs} ms`, { hint: hints.EHOSTUNREACH! }))
    }, timeoutMs)
    socket.once('connect', () => {
      clearTimeout(timer)
      resolve(wireOver(socket))
    })
    socket.once('error', (error) => {
      clearTimeout(timer)
      reject(cannot(`${host}:${port}`, error))
    })
  })
}

async function openTty({ path, baud }: Place & { kind: 'tty' }): Promise<Wire> {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK)
  } catch (cause) {
    throw cannot(path, cause)
  }
  try {
    if (!isatty(fd)) throw new Error('it is no terminal device')
    const words = [String(baud), 'raw', '-echo', 'cs8', '-cstopb', '-parenb', 'clocal', '-crtscts']
    const { status, stderr, error } = spawnSync('stty', words, { stdio: [fd, 'ignore', 'pipe'], timeout: 5_000, encoding: 'utf8' })
    if (status !== 0) throw error ?? new Error(stderr)
    return wireOver(new ReadStream(fd))
  } catch (cause) {
    closeSync(fd)
    throw cannot(path, cause)
  }
}
