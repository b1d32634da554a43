/** One command at a time over a wire: what was asked, and the lines that came before the device was ready again. */
import { DeviceError } from '../../../errors.ts'
import type { Wire } from './wire.ts'

/** How long the line must be silent to count as silent, and for how long at most we wait for that. */
const quietMs = 40
const drainMs = 2_000
/** No command has a longer reply than `db print` of the largest buffer. */
const mostLines = 1 << 16

export type Talk = {
  /** Lines before `m-ready`. `idleMs` says how long the device may be silent, by the lines so far. */
  ask(command: string, idleMs?: (lines: readonly string[]) => number): Promise<string[]>
  /** Waits until nothing comes any more, and forgets what came; answers whether the device said that it is ready. */
  drain(): Promise<boolean>
  close(): Promise<void>
}

/** A reply that is not what the protocol says: noise, loss, or a reply to something else. Worth another try. */
export const garbled = (command: string, lines: readonly string[], expected: string): DeviceError =>
  new DeviceError('wire-garbled', `the device answered \`${command.slice(0, 24)}\` with something else`, {
    found: printable(lines.slice(0, 4).join(' | ')),
    expected,
    hint: 'Noise on the line, a wrong baud rate, or another firmware: try a lower baud rate or a shorter cable.',
  })

/** Bytes from a device are untrusted, and must not reach a terminal as they are. */
const printable = (text: string): string => (text.replace(/[^\x20-\x7e]/g, '?') || 'nothing').slice(0, 200)

export function talkOver(wire: Wire, replyMs: number): Talk {
  return {
    ask: async (command, idleMs = () => replyMs) => {
      await wire.read(0) // what came unasked belongs to no question
      wire.write(`${command}%`)
      const lines: string[] = []
      let rest = ''
      for (;;) {
        const limit = idleMs(lines)
        const text = await wire.read(limit)
        if (!text)
          throw new DeviceError('runtime-timeout', `the device did not answer \`${command.slice(0, 24)}\` in ${limit} ms`, {
            found: printable([...lines, rest].join(' | ')),
            hint: 'Is it running the MLPerf Tiny firmware in performance mode? Reset it, and try again.',
          })
        const parts = (rest + text).split(/\r?\n/)
        rest = parts.pop()!
        for (const line of parts) {
          if (line === 'm-ready') return lines
          if (line) lines.push(line)
        }
        if (lines.length > mostLines || rest.length > mostLines) throw garbled(command, lines, 'm-ready')
      }
    },
    drain: async () => {
      const until = performance.now() + drainMs
      let came = ''
      for (let text = await wire.read(quietMs); text && performance.now() < until; text = await wire.read(quietMs))
        came = (came + text).slice(-4096)
      return /(^|\n)m-ready\r?\n$/.test(came)
    },
    close: () => wire.close(),
  }
}
