/** The command line: the only file that prints, catches, and sets the exit code. */
import { createInterface } from 'node:readline/promises'
import { Command, CommanderError } from 'commander'
import type { Io } from './commands/define.ts'
import { commands } from './commands/index.ts'
import { exitCodes, UserError } from './errors.ts'
import { redact } from './redact.ts'
import { version } from './version.ts'

/** Runs one command line; answers with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let code: number = exitCodes.pass
  const interrupt = new AbortController()
  const onSignal = () => {
    if (interrupt.signal.aborted) process.exit(exitCodes.interrupted)
    process.stderr.write('\ninterrupted: keeping what is done (again to stop at once)\n')
    interrupt.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  const io: Io = {
    out: (text) => void process.stdout.write(redact(text)),
    err: (text) => void process.stderr.write(redact(text)),
    terminal: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 100,
    signal: interrupt.signal,
    ...(process.stdin.isTTY && process.stderr.isTTY && { ask: (question: string) => ask(question, interrupt.signal) }),
    exit: (to) => {
      code = to
    },
  }
  const program = new Command('peapod')
    .description('Train compact CNNs with Progressive Ensemble Activations, quantise them to int8, prove on an accelerator that they run.')
    .version(version)
    .exitOverride()
    .configureHelp({ sortSubcommands: false })
    .showSuggestionAfterError(true)
  const called = Object.hasOwn(commands, argv[0] ?? '') ? [commands[argv[0]!]!] : Object.values(commands)
  for (const load of called) (await load())(program, io).exitOverride()
  try {
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.pass : exitCodes.user
    if (interrupt.signal.aborted) {
      io.err('interrupted: the same command goes on from here\n')
      return exitCodes.interrupted
    }
    if (error instanceof UserError) {
      io.err(userErrorText(error))
      return error.exitCode
    }
    io.err(
      `peapod: this is a bug in Peapod ${version} (Node ${process.version}). Please report it with these lines:\n${(error as Error)?.stack ?? error}\n`,
    )
    return exitCodes.bug
  } finally {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
}

async function ask(question: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await lines.question(question, { signal })
  } finally {
    lines.close()
  }
}

function userErrorText({ code, message, found, expected, hint }: UserError): string {
  const indented = (text: string) => text.replaceAll('\n', '\n            ')
  return [
    `peapod: error ${code}: ${message}`,
    ...(found ? [`  found:    ${indented(found)}`] : []),
    ...(expected ? [`  expected: ${indented(expected)}`] : []),
    ...(hint ? [`  hint:     ${indented(hint)}`] : []),
    '',
  ].join('\n')
}
