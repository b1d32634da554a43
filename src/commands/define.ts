/** What a subcommand is: options in, one call of the pipeline, files and words out. */
import type { Command } from 'commander'

/** The world as commands see it; `cli.ts` makes it. */
export type Io = {
  /** Results, to standard output. */
  out(text: string): void
  /** Progress and notes, to standard error. */
  err(text: string): void
  /** Whether standard error is a terminal. */
  readonly terminal: boolean
  readonly columns: number
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal
  /** Asks a person; absent where there is none at a terminal. */
  readonly ask?: (question: string) => Promise<string>
  /** What the process will end with unless something is thrown. */
  exit(code: number): void
}

/** Adds one subcommand to the program. One file each, one line in `index.ts`. */
export type CommandDef = (program: Command, io: Io) => Command

export { jsonText as json } from '../report/writers/escape.ts'
