/** Progress for a person: a bar that redraws itself on a terminal, plain lines elsewhere. */
import type { Progress } from '../stages/define.ts'
import type { Io } from './define.ts'

const redrawMs = 100
const lineMs = 5_000

/** `now` in milliseconds. */
export function progressTo(io: Pick<Io, 'err' | 'terminal' | 'columns'>, now: () => number = () => performance.now()): Progress {
  let drawn = false
  let last = -Infinity
  const clear = () => {
    if (drawn) io.err('\r\u001b[2K')
    drawn = false
  }
  const line = (text: string) => {
    clear()
    io.err(`${text}\n`)
  }
  return {
    stage: (name, says) => {
      last = -Infinity
      line(`${name.padEnd(9)} ${says}`)
    },
    note: (text) => line(`${' '.repeat(10)}${text}`),
    bar: ({ label, done, total, says }) => {
      const t = now()
      if (t - last < (io.terminal ? redrawMs : lineMs)) return
      last = t
      const facts = `${done}/${total} ${says}`
      if (!io.terminal) return line(`${' '.repeat(10)}${label} ${facts}`)
      const width = 24
      const filled = Math.round((done / total) * width)
      const text = `${label.padEnd(9)} [${'#'.repeat(filled)}${'-'.repeat(width - filled)}] ${facts}`
      io.err(`\r\u001b[2K${text.slice(0, io.columns - 1)}`)
      drawn = true
    },
    end: clear,
  }
}
