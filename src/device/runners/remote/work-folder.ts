/** A folder of ours at the other end: files go in and come out whole, and it is gone when we are. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { DeviceError } from '../../../errors.ts'
import type { RunnerOptions } from '../../define.ts'
import type { Remote } from './define.ts'
import { carry, lineOf, runThere } from './run-there.ts'

export type WorkFolder = {
  /** Where a file of this name is there. */
  at(name: string): string
  /** Throws DeviceError `model-changed` where what arrived is not what was sent, `device-full`. */
  push(name: string, bytes: Uint8Array): Promise<void>
  pull(name: string): Promise<Uint8Array>
  close(): Promise<void>
}

/** A process there holds on to the folder: when our end of its input closes, however we end, it removes the folder. */
export async function workFolder(remote: Remote, options: RunnerOptions): Promise<WorkFolder> {
  const folder = `${remote.work.replace(/\/$/, '')}/peapod-${randomBytes(8).toString('hex')}`
  const at = (name: string) => `${folder}/${name}`
  const own = lineOf([folder])
  const made = await runThere(remote, ['mkdir', '-m', '0700', folder], options)
  if (made.exitCode !== 0) throw notWritten(folder, made.output)
  const guard = remote.argv(`cat >/dev/null 2>&1; rm -rf ${own}`)
  const held = execa(guard[0]!, guard.slice(1), { reject: false, stdin: 'pipe', stdout: 'ignore', stderr: 'ignore' })
  const here = await mkdtemp(join(tmpdir(), 'peapod-remote-'))

  const digestThere = async (name: string): Promise<string> => {
    const { exitCode, output } = await runThere(remote, ['sha256sum', at(name)], options)
    const digest = /^([0-9a-f]{64})\b/m.exec(output)?.[1]
    if (exitCode === 0 && digest) return digest
    throw new DeviceError('runtime-missing', 'the device cannot say what it holds', {
      found: output.trim().slice(-120),
      expected: 'sha256sum, which coreutils, busybox and toybox have',
      hint: 'Nothing was run, since a file that changed on its way would not be noticed.',
    })
  }
  return {
    at,
    push: async (name, bytes) => {
      if (remote.copy) await writeFile(join(here, name), bytes)
      const carried = remote.copy
        ? await carry(remote.copy.push(join(here, name), at(name)), options)
        : await carry(remote.argv(`cat > ${lineOf([at(name)])}`), options, bytes)
      if (carried.failed) throw failedCopy(remote, carried, at(name))
      const [found, expected] = [await digestThere(name), digestOf(bytes)]
      if (found !== expected)
        throw new DeviceError('model-changed', 'a file that arrived there is not the one that was sent', {
          found,
          expected,
          hint: 'Nothing was run. Try again; if it stays, look after the disk and the memory of both machines.',
        })
    },
    pull: async (name) => {
      const carried = remote.copy
        ? await carry(remote.copy.pull(at(name), join(here, name)), options)
        : await carry(remote.argv(`cat ${lineOf([at(name)])}`), options)
      if (carried.failed) throw failedCopy(remote, carried, at(name))
      const bytes = remote.copy ? new Uint8Array(await readFile(join(here, name))) : new Uint8Array(carried.stdout)
      if (digestOf(bytes) !== (await digestThere(name)))
        throw new DeviceError('wire-garbled', 'a file changed on its way back', { hint: 'Look after the cable, and try again.' })
      return bytes
    },
    close: async () => {
      held.stdin.end()
      await Promise.race([held, new Promise((resolve) => setTimeout(resolve, 5_000).unref())])
      held.kill()
      await rm(here, { recursive: true, force: true })
    },
  }
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const notWritten = (path: string, said: string): DeviceError =>
  /no space|disk full|quota/i.test(said)
    ? new DeviceError('device-full', 'the disk of the device is full', {
        found: said.trim().slice(-120),
        hint: 'Make room there, or name another folder with &work=.',
      })
    : new DeviceError('device-refused', `the device does not let us write ${path}`, {
        found: said.trim().slice(-120),
        hint: 'Name a folder that may be written to with &work=.',
      })

function failedCopy(
  remote: Remote,
  { exitCode, stderr, stdout }: { exitCode: number | undefined; stderr: string; stdout: Uint8Array },
  path: string,
) {
  const said = `${stderr}\n${Buffer.from(stdout.subarray(0, 2_000)).toString()}`
  if (/no space|disk full|quota|ENOSPC/i.test(said)) return notWritten(path, stderr)
  return remote.explain({ how: `exit code ${exitCode}`, exitCode, stderr }) ?? notWritten(path, said)
}
