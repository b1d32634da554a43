/** Runs one program to its end, and takes its children down with it. */
import { execa } from 'execa'
import { DeviceError } from '../../../errors.ts'
import type { RunnerOptions } from '../../define.ts'

/**
 * Answers with its wall time in milliseconds. The program leads a process group of its own, so that what a script started goes with it.
 * Throws DeviceError `command-failed`, `runtime-timeout`, `runner-cancelled`.
 */
export async function runProgram([program, ...args]: readonly string[], { timeoutMs, signal }: RunnerOptions): Promise<number> {
  if (signal?.aborted) throw new DeviceError('runner-cancelled', 'cancelled', { hint: 'Start it again.' })
  const started = performance.now()
  const child = execa(program!, args, {
    reject: false,
    detached: true,
    stdin: 'ignore',
    stdout: 'ignore',
    maxBuffer: 1 << 20,
    cleanup: false,
  })
  let why: 'timeout' | 'cancelled' | undefined
  const end = (reason: typeof why) => {
    why = reason
    killGroup(child.pid)
  }
  const timer = setTimeout(() => end('timeout'), timeoutMs)
  const onAbort = () => end('cancelled')
  signal?.addEventListener('abort', onAbort, { once: true })
  process.once('exit', onAbort)
  const result = await child
  const wallMs = performance.now() - started
  clearTimeout(timer)
  signal?.removeEventListener('abort', onAbort)
  process.off('exit', onAbort)
  killGroup(child.pid)
  if (why === 'cancelled') throw new DeviceError('runner-cancelled', 'cancelled', { hint: 'Start it again.' })
  if (why === 'timeout')
    throw new DeviceError('runtime-timeout', `${program} did not end in ${timeoutMs} ms`, { hint: 'Raise the runner’s timeout.' })
  if (result.failed)
    throw new DeviceError(
      'command-failed',
      `${program} failed: ${result.exitCode === undefined ? result.shortMessage : `exit code ${result.exitCode}`}`,
      {
        found: String(result.stderr).trim().split('\n').slice(-3).join('\n'),
        hint: 'Run it by hand: it is started without a shell, in the folder where peapod was started.',
      },
    )
  return wallMs
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid) process.kill(-pid, 'SIGKILL')
  } catch {
    // the group is gone
  }
}
