/** Calls a compiler with an argument array, a time limit and no shell, and says what went wrong in its own last words. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { DeviceError } from '../../errors.ts'
import type { CompileOptions, Found, Lack } from './define.ts'

export type Answer = { readonly stdout: string; readonly stderr: string }

const lastWords = (text: string): string => text.trim().split('\n').at(-1)?.slice(0, 300) ?? ''

/** What a program says of its version, or why it does not. `refused` is what its standard error said. */
export async function askVersion(
  command: Found['command'],
  timeoutMs: number,
): Promise<{ readonly stdout?: string; readonly why?: 'absent' | 'silent' | 'refused'; readonly refused?: string }> {
  const [program, ...first] = command
  const child = await execa(program, [...first, '--version'], {
    reject: false,
    timeout: timeoutMs,
    stdin: 'ignore',
    forceKillAfterDelay: 500,
  })
  if (child.timedOut) return { why: 'silent' }
  if (child.exitCode === 0) return { stdout: child.stdout }
  return child.exitCode === undefined ? { why: 'absent' } : { why: 'refused', refused: lastWords(child.stderr) }
}

/** Throws DeviceError `compiler-timeout` or `compiler-failed`. */
export async function call(
  name: string,
  { command }: Found,
  args: readonly string[],
  { timeoutMs, signal }: CompileOptions,
): Promise<Answer> {
  const [program, ...first] = command
  const child = await execa(program, [...first, ...args], {
    reject: false,
    timeout: timeoutMs,
    stdin: 'ignore',
    forceKillAfterDelay: 500,
    ...(signal && { cancelSignal: signal }),
  })
  if (child.timedOut)
    throw new DeviceError('compiler-timeout', `${name} did not end within ${timeoutMs / 1000} s`, {
      found: lastWords(child.stdout) || 'no output',
      hint: 'Some files make it search for ever: run it by hand on the model, or leave it out with compiler=none.',
    })
  if (child.exitCode !== 0)
    throw new DeviceError('compiler-failed', `${name} ended with ${child.signal ?? `exit code ${child.exitCode}`}`, {
      found: lastWords(child.stderr) || lastWords(child.stdout) || child.shortMessage || 'no output',
      hint: 'Run `peapod check` on the model, and the compiler by hand; leave it out with compiler=none.',
    })
  return { stdout: child.stdout, stderr: child.stderr }
}

/** For output in which something that every known version prints is not there. */
export const unknownOutput = (name: string, version: string, lacks: string, found: string): DeviceError =>
  new DeviceError('compiler-unknown-output', `what ${name} ${version} printed is not understood: ${lacks}`, {
    found: found.slice(0, 300) || 'nothing',
    hint: 'Use a version that the target’s profile names: peapod targets NAME.',
  })

export const lack = (name: string, state: string, hint: string): Lack => ({ what: `${name} ${state}`, hint })

/** Runs `work` with the model in a folder of its own, which goes away afterwards; `read` gets a file of it, or undefined. */
export async function inScratch<T>(
  model: Uint8Array,
  work: (folder: string, path: string, read: (name: string) => Promise<Uint8Array | undefined>) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'peapod-compile-'))
  try {
    const path = join(folder, 'model.tflite')
    await writeFile(path, model)
    return await work(folder, path, async (name) => {
      try {
        return new Uint8Array(await readFile(join(folder, name)))
      } catch {
        return undefined
      }
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
