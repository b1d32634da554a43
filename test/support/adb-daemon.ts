/** A device's end of the Android Debug Bridge, for the real client: connect, shell with exit codes, sync push and pull. One machine's files and shell, no more. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { syncService } from './adb-sync.ts'

const word = (name: string) => Buffer.from(name, 'latin1').readUInt32LE()
const [CNXN, OPEN, OKAY, WRTE, CLSE] = ['CNXN', 'OPEN', 'OKAY', 'WRTE', 'CLSE'].map(word) as [number, number, number, number, number]
/** Of this version on, messages carry no checksum. */
const version = 0x01000001
const mostBytes = 256 * 1024

/** What a service does with what the client sends, and how it is told that the client went. */
export type Service = { hear(data: Buffer): void; end(): void }
export type Say = (data: Buffer) => void

type Home = { readonly children: Set<ChildProcess>; readonly mark: string }

/** `mark` stands in the environment of all that runs there. */
export type AdbDaemon = { readonly port: number; readonly mark: string; stop(): Promise<void> }

export async function adbDaemon(): Promise<AdbDaemon> {
  const sockets = new Set<Socket>()
  const children = new Set<ChildProcess>()
  const mark = `device-${randomUUID()}`
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    talk(socket, { children, mark })
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as { port: number }).port,
    mark,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      for (const child of children) child.kill('SIGKILL')
    },
  }
}

function talk(socket: Socket, home: Home): void {
  const streams = new Map<number, { peer: number; service: Service; queue: Buffer[]; ready: boolean; closing: boolean }>()
  let held: Buffer = Buffer.alloc(0)
  let next = 1
  const send = (command: number, a: number, b: number, data: Buffer = Buffer.alloc(0)) => {
    const head = Buffer.alloc(24)
    for (const [i, value] of [command, a, b, data.length, 0, (command ^ 0xffffffff) >>> 0].entries()) head.writeUInt32LE(value, i * 4)
    if (socket.writable) socket.write(Buffer.concat([head, data]))
  }
  const pump = (id: number) => {
    const stream = streams.get(id)
    if (!stream?.ready) return
    const part = stream.queue.shift()
    if (part) {
      stream.ready = false
      send(WRTE, id, stream.peer, part)
    } else if (stream.closing) {
      streams.delete(id)
      send(CLSE, id, stream.peer)
    }
  }
  const open = (peer: number, name: string) => {
    const id = next++
    const say: Say = (data) => {
      for (let at = 0; at < data.length; at += mostBytes / 4) streams.get(id)?.queue.push(data.subarray(at, at + mostBytes / 4))
      pump(id)
    }
    const close = () => {
      const stream = streams.get(id)
      if (stream) stream.closing = true
      pump(id)
    }
    const shell = /^shell(?:,[^:]*)?:(.*)$/s.exec(name)
    const service = shell?.[1] ? shellService(shell[1], say, close, home) : name === 'sync:' ? syncService(say, close) : undefined
    if (!service) return send(CLSE, 0, peer)
    streams.set(id, { peer, service, queue: [], ready: true, closing: false })
    send(OKAY, id, peer)
  }
  const hear = (command: number, a: number, b: number, data: Buffer) => {
    if (command === CNXN)
      send(CNXN, version, mostBytes, Buffer.from('device::ro.product.name=tests;ro.product.model=tests;features=shell_v2,cmd'))
    else if (command === OPEN) open(a, data.toString('latin1').replace(/\0$/, ''))
    else if (command === WRTE && streams.has(b)) {
      send(OKAY, b, a)
      streams.get(b)!.service.hear(data)
    } else if (command === OKAY && streams.has(b)) {
      streams.get(b)!.ready = true
      pump(b)
    } else if (command === CLSE && streams.has(b)) {
      streams.get(b)!.service.end()
      streams.delete(b)
      send(CLSE, b, a)
    }
  }
  socket.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk])
    while (held.length >= 24) {
      const bytes = held.readUInt32LE(12)
      // A head that cannot be one ends the connection, as a real daemon ends it.
      if (held.readUInt32LE(20) !== (held.readUInt32LE(0) ^ 0xffffffff) >>> 0 || bytes > mostBytes) return void socket.destroy()
      if (held.length < 24 + bytes) return
      hear(held.readUInt32LE(0), held.readUInt32LE(4), held.readUInt32LE(8), held.subarray(24, 24 + bytes))
      held = held.subarray(24 + bytes)
    }
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    for (const { service } of streams.values()) service.end()
    streams.clear()
  })
}

/** Version 2 of the shell: packets of an id, a length and data, both ways. */
function shellService(line: string, say: Say, close: () => void, { children, mark }: Home): Service {
  const [stdin, stdout, stderr, exit, closeStdin] = [0, 1, 2, 3, 3]
  const child = spawn('sh', ['-c', line], { stdio: 'pipe', env: { ...process.env, PEAPOD_TEST_DEVICE: mark } })
  children.add(child)
  const packet = (id: number, data: Buffer) => {
    const head = Buffer.alloc(5)
    head[0] = id
    head.writeUInt32LE(data.length, 1)
    say(Buffer.concat([head, data]))
  }
  child.stdout.on('data', (data: Buffer) => packet(stdout, data))
  child.stderr.on('data', (data: Buffer) => packet(stderr, data))
  child.stdin.on('error', () => {})
  child.on('close', (code) => {
    children.delete(child)
    packet(exit, Buffer.of(code ?? 137))
    close()
  })
  let held: Buffer = Buffer.alloc(0)
  return {
    hear: (data) => {
      held = Buffer.concat([held, data])
      while (held.length >= 5 && held.length >= 5 + held.readUInt32LE(1)) {
        const [id, bytes] = [held[0]!, held.readUInt32LE(1)]
        if (id === stdin) child.stdin.write(held.subarray(5, 5 + bytes))
        else if (id === closeStdin) child.stdin.end()
        held = held.subarray(5 + bytes)
      }
    },
    // A real daemon closes the pipes, and what still runs ends with its input.
    end: () => {
      child.stdin.end()
      child.stdout.destroy()
      child.stderr.destroy()
    },
  }
}
