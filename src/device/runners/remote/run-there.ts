/** Runs one line at the other end, which ends there when we do. */
import { execa } from 'execa'
import { assert, DeviceError } from '../../../errors.ts'
import type { RunnerOptions } from '../../define.ts'
import type { Remote } from './define.ts'
import { isRemoteFlag, isRemoteWord, quoted } from './words.ts'

export type Ran = { readonly exitCode: number; readonly output: string }

const mostOutput = 16 << 20

/** Words as a line of shell. Anything that is not from the allow-list is a bug here: URIs and names were held against it before. */
export function lineOf(words: readonly string[]): string {
  for (const word of words) assert(isRemoteWord(word) || isRemoteFlag(word) || /^-[a-z0-9]+$/.test(word), `${word} may travel`)
  return words.map(quoted).join(' ')
}

/**
 * The program reads nothing; our open input is its leash: where it ends, since we ended or the wire broke, what watches it there kills
 * the program. The last line says how it ended, so that an output which was cut is not taken for a whole one.
 */
const leashed = (line: string): string =>
  `exec 3<&0; ${line} </dev/null 2>&1 & p=$!; (cat <&3; kill -9 $p) >/dev/null 2>&1 & w=$!; wait $p; c=$?; kill $w 2>/dev/null; echo; echo peapod-exit-$c`

/** Output and errors of the program together. Throws DeviceError `runtime-timeout`, `wire-lost`, `runner-cancelled` and what the way there explains. */
export async function runThere(remote: Remote, words: readonly string[], options: RunnerOptions): Promise<Ran> {
  const { exitCode, stdout, stderr } = await carry(remote.argv(leashed(lineOf(words))), options)
  const text = Buffer.from(stdout).toString()
  const end = /\n?peapod-exit-(\d+)\r?\n$/.exec(text)
  if (end) return { exitCode: Number(end[1]), output: text.slice(0, end.index) }
  throw (
    remote.explain({ how: `exit code ${exitCode}`, exitCode, stderr }) ??
    new DeviceError('wire-lost', 'the output of the program there was cut', {
      found: stderr.trim().split('\n').at(-1) ?? '',
      hint: 'Is it on, and reachable? Start again when it is.',
    })
  )
}

/** Runs a command of this machine with its input open, or with `input`. */
export async function carry(argv: readonly string[], { timeoutMs, signal }: RunnerOptions, input?: Uint8Array) {
  const result = await execa(argv[0]!, argv.slice(1), {
    reject: false,
    encoding: 'buffer',
    stripFinalNewline: false,
    maxBuffer: mostOutput,
    timeout: timeoutMs,
    forceKillAfterDelay: 500,
    ...(input ? { input } : { stdin: 'pipe' }),
    ...(signal && { cancelSignal: signal }),
  })
  if (result.isCanceled) throw new DeviceError('runner-cancelled', 'cancelled', { hint: 'Start it again.' })
  if (result.timedOut)
    throw new DeviceError('runtime-timeout', `the device did not answer in ${timeoutMs} ms`, {
      hint: 'A first run can take minutes on some NPUs: raise the runner’s timeout.',
    })
  const stderr = Buffer.from(result.stderr as Uint8Array).toString()
  return { exitCode: result.exitCode, stdout: result.stdout as Uint8Array, stderr, failed: result.failed }
}
