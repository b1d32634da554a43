/** The sync service of a device's debug bridge: stat, send, receive. */
import { lstatSync, readFileSync, writeFileSync } from 'node:fs'
import type { Say, Service } from './adb-daemon.ts'

const most = 64 * 1024

export function syncService(say: Say, close: () => void): Service {
  let held: Buffer = Buffer.alloc(0)
  let sending: { path: string; parts: Buffer[] } | undefined
  const head = (id: string, value: number) => {
    const bytes = Buffer.alloc(8)
    bytes.write(id, 'latin1')
    bytes.writeUInt32LE(value, 4)
    return bytes
  }
  const fail = (error: unknown) => {
    const text = Buffer.from(String((error as NodeJS.ErrnoException).code ?? error))
    say(Buffer.concat([head('FAIL', text.length), text]))
  }
  const stat = (path: string) => {
    const reply = Buffer.alloc(16)
    reply.write('STAT', 'latin1')
    try {
      const { mode, size, mtimeMs } = lstatSync(path)
      for (const [i, value] of [mode, size, Math.floor(mtimeMs / 1e3)].entries()) reply.writeUInt32LE(value >>> 0, 4 + i * 4)
    } catch {
      // zeros say that there is none
    }
    say(reply)
  }
  const receive = (path: string) => {
    const bytes = readFileSync(path)
    for (let at = 0; at < bytes.length; at += most) {
      const part = bytes.subarray(at, at + most)
      say(Buffer.concat([head('DATA', part.length), part]))
    }
    say(head('DONE', 0))
  }
  const done = () => {
    const { path, parts } = sending!
    sending = undefined
    writeFileSync(path, Buffer.concat(parts))
    say(head('OKAY', 0))
  }
  const act = (id: string, data: Buffer) => {
    const path = data.toString()
    if (id === 'STAT') stat(path)
    else if (id === 'SEND') sending = { path: path.slice(0, path.lastIndexOf(',')), parts: [] }
    else if (id === 'DATA') sending!.parts.push(Buffer.from(data))
    else if (id === 'RECV') receive(path)
    else if (id === 'QUIT') close()
    else throw new Error(`no sync request ${id}`)
  }
  return {
    hear: (chunk) => {
      held = Buffer.concat([held, chunk])
      while (held.length >= 8) {
        const id = held.toString('latin1', 0, 4)
        const bytes = id === 'DONE' || id === 'QUIT' ? 0 : held.readUInt32LE(4) // of DONE it is a time
        if (held.length < 8 + bytes) return
        const data = held.subarray(8, 8 + bytes)
        held = held.subarray(8 + bytes)
        try {
          if (id === 'DONE') done()
          else act(id, data)
        } catch (error) {
          fail(error)
        }
      }
    },
    end: () => {},
  }
}
