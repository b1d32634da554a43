/** The real adb client, with a server of its own, before a daemon of the tests' own; or the word that says why there is none. */
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adbDaemon } from './adb-daemon.ts'
import { freePort } from './loopback-sshd.ts'
import { processesWith } from './processes.ts'

/** What is missing here; undefined where adb can be had, and `module` in the python3 that stands in for a device's. */
export function adbLack(module: string): string | undefined {
  if (spawnSync('adb', ['version']).status !== 0) return 'there is no adb'
  return spawnSync('python3', ['-c', `import numpy, ${module}`]).status === 0 ? undefined : `python3 has no ${module}`
}

export type LoopbackAdb = {
  readonly port: number
  /** Pids of what runs there. */
  running(): number[]
  uri(query?: string, port?: number, program?: string): string
  stop(): Promise<void>
}

export async function loopbackAdb(): Promise<LoopbackAdb> {
  const home = await mkdtemp(join(tmpdir(), 'peapod-adb-'))
  const before = { ...process.env }
  const own = { ANDROID_ADB_SERVER_PORT: String(await freePort()), HOME: home, ADB_MDNS: '0' }
  Object.assign(process.env, own)
  const daemon = await adbDaemon()
  const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout.trim()
  return {
    port: daemon.port,
    running: () => processesWith(daemon.mark),
    uri: (query = '', to = daemon.port, program = python) => `adb:127.0.0.1:${to}${program}?work=/tmp${query}`,
    stop: async () => {
      spawnSync('adb', ['kill-server'])
      await daemon.stop()
      for (const name of Object.keys(own)) {
        if (before[name] === undefined) delete process.env[name]
        else process.env[name] = before[name]
      }
      await rm(home, { recursive: true, force: true })
    },
  }
}
