/** A byte wire to a device, over whatever carries it. */
import type { Duplex } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { DeviceError } from '../../../errors.ts'

export type Wire = {
  write(text: string): void
  /** What came, as soon as something did; empty when nothing came in `ms`. Throws DeviceError `wire-lost` once the wire is gone. */
  read(ms: number): Promise<string>
  close(): Promise<void>
}

/** A device that talks without end is broken; a buffer read back is a few hundred kilobytes at most. */
const most = 4 << 20

export function wireOver(stream: Duplex): Wire {
  let held = ''
  let lost: string | undefined
  let wake = () => {}
  stream.on('data', (chunk: Buffer) => {
    held += chunk.toString('latin1')
    if (held.length > most) stream.destroy(new Error('it talks without end'))
    wake()
  })
  const end = (why: string) => {
    lost ??= why
    wake()
  }
  stream.on('error', (error) => end(error.message))
  stream.on('end', () => end('the other end closed it'))
  stream.on('close', () => end('it is closed'))
  return {
    write: (text) => void (lost === undefined && stream.write(text, 'latin1')),
    read: async (ms) => {
      if (ms === 0) await setImmediate()
      else if (!held && lost === undefined) {
        let timer: NodeJS.Timeout | undefined
        await new Promise<void>((resolve) => {
          wake = resolve
          timer = setTimeout(resolve, ms)
        })
        clearTimeout(timer)
      }
      if (!held && lost !== undefined)
        throw new DeviceError('wire-lost', `the wire to the device is gone: ${lost}`, {
          hint: 'Look after the cable and the power, then start again.',
        })
      const text = held
      held = ''
      return text
    },
    close: async () => {
      if (stream.destroyed) return
      await new Promise<void>((resolve) => {
        stream.once('close', () => resolve())
        stream.destroy()
      })
    },
  }
}
