/** A real sshd on the loopback, with keys, a port and a configuration of its own; or the word that says why there is none. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { processesWith } from './processes.ts'

const sshd = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find((path) => existsSync(path))

/** What is missing here; undefined where an sshd can be had, and `module` in its Python. */
export function sshLack(module: string): string | undefined {
  if (!sshd) return 'there is no sshd (openssh-server)'
  if (spawnSync('ssh', ['-V']).status !== 0) return 'there is no ssh'
  return spawnSync('python3', ['-c', `import numpy, ${module}`]).status === 0 ? undefined : `python3 has no ${module}`
}

export type LoopbackSshd = {
  readonly port: number
  /** Pids of what runs there. */
  running(): number[]
  /** A URI to this sshd through `port`, with the python3 of this machine where no program is named. */
  uri(query?: string, port?: number, program?: string): string
  readonly folder: string
  stop(): Promise<void>
}

export async function loopbackSshd(): Promise<LoopbackSshd> {
  const folder = await mkdtemp(join(tmpdir(), 'peapod-sshd-'))
  const at = (name: string) => join(folder, name)
  for (const name of ['host', 'client', 'stranger']) spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)])
  const port = await freePort()
  const hostKey = (await readFile(at('host.pub'), 'utf8')).split(' ').slice(0, 2).join(' ')
  const strangerKey = (await readFile(at('stranger.pub'), 'utf8')).split(' ').slice(0, 2).join(' ')
  await writeFile(at('known_hosts'), `* ${hostKey}\n`)
  await writeFile(at('other_hosts'), `* ${strangerKey}\n`)
  await writeFile(at('authorized_keys'), await readFile(at('client.pub')), { mode: 0o600 })
  const settings = `Port ${port}\nListenAddress 127.0.0.1\nHostKey ${at('host')}\nAuthorizedKeysFile ${at('authorized_keys')}
PidFile none\nUsePAM no\nStrictModes no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nMaxStartups 50\n`
  await writeFile(at('config'), settings)
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true })
  const child = spawn(sshd!, ['-D', '-e', '-f', at('config')], { stdio: 'ignore' })
  for (let n = 0; n < 100 && !(await answers(port)); n++) await pause(50)
  const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout.trim()
  return {
    port,
    running: () => processesWith(`127.0.0.1 ${port}\0`),
    folder,
    uri: (query = '', to = port, program = python) =>
      `ssh://${userInfo().username}@127.0.0.1:${to}${program}?identity=${at('client')}&known-hosts=${at('known_hosts')}${query}`,
    stop: async () => {
      child.kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
