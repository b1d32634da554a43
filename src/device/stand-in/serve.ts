/** Puts a firmware behind a TCP port, or a pseudo-terminal. */
import { createServer, type Socket } from 'node:net'
import { execa } from 'execa'
import { DeviceError } from '../../errors.ts'
import type { Firmware } from './firmware.ts'

export type Served = {
  /** What `serial:` calls it. */
  readonly uri: string
  close(): Promise<void>
}

/** Each connection boots a firmware of its own, as opening a board's port does. `port` 0 takes a free one. On the loopback only. */
export async function serveTcp(start: () => Firmware, port: number): Promise<Served> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    const device = start()
    socket.setNoDelay(true)
    socket.on('data', (chunk) => void socket.write(device.hear(chunk.toString('latin1')), 'latin1'))
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.write(device.boot(), 'latin1')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(new DeviceError('cannot-serve', `cannot listen on port ${port}: ${cause.message}`, { cause, hint: 'Choose another port.' })),
    )
    server.listen(port, '127.0.0.1', resolve)
  })
  const { port: taken } = server.address() as { port: number }
  return {
    uri: `serial:tcp://127.0.0.1:${taken}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

/** Node opens no pseudo-terminal; Python does, and passes the bytes on. */
const relay = `
import os, pty, select, sys, tty
master, slave = pty.openpty()
tty.setraw(slave)
sys.stderr.write(os.ttyname(slave) + '\\n')
sys.stderr.flush()
while True:
    for fd in select.select([master, 0], [], [])[0]:
        data = os.read(fd, 65536)
        if fd == 0 and not data:
            sys.exit(0)
        os.write(1 if fd == master else master, data)
`

/** One firmware, which boots when it starts. Throws DeviceError `runtime-missing` without a python3. */
export async function servePty(start: () => Firmware): Promise<Served> {
  const device = start()
  const child = execa('python3', ['-u', '-c', relay], { reject: false, buffer: false, encoding: 'buffer' })
  child.stdin!.on('error', () => {})
  child.stdout!.on('data', (chunk: Buffer) => void child.stdin!.write(device.hear(chunk.toString('latin1')), 'latin1'))
  const path = await Promise.race([
    new Promise<string>((resolve) => child.stderr!.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()))),
    child.then(() => ''),
  ])
  if (!path.startsWith('/dev/'))
    throw new DeviceError('runtime-missing', 'no pseudo-terminal', {
      found: path,
      hint: 'It needs a python3 on the path: or use tcp:PORT.',
    })
  child.stdin!.write(device.boot(), 'latin1')
  return {
    uri: `serial:${path}`,
    close: async () => {
      child.stdin!.end()
      child.kill()
      await child
    },
  }
}
