/** A machine at the far end of a command that runs a line of shell there. */
import type { DeviceError } from '../../../errors.ts'
import type { Ending } from '../python/connect.ts'

export type Remote = {
  /** The command of this machine that runs `line` there, with our standard input and output. */
  argv(line: string): readonly string[]
  /** Commands that carry a file there and back; `cat` over the shell where absent. */
  readonly copy?: { push(from: string, to: string): readonly string[]; pull(from: string, to: string): readonly string[] }
  /** A folder there that may be written to. */
  readonly work: string
  /** What an ending means where the way there can say more than how it was. */
  explain(ending: Ending): DeviceError | undefined
}
