/** `ssh:` a runtime on another machine, which needs nothing of ours on its disk. */
import { access } from 'node:fs/promises'
import { resolve } from 'node:path'
import { execa } from 'execa'
import { DeviceError } from '../../errors.ts'
import type { RunnerKind } from '../define.ts'
import { persist } from './persist.ts'
import type { Ending } from './python/connect.ts'
import type { Remote } from './remote/define.ts'
import { type SshAddress, sshAddress } from './ssh/address.ts'

/**
 * With a Python the program travels over the connection and lives in memory, as the model and the samples do; benchmark_model wants
 * files, in a folder that goes when we go. Nothing is left on the other machine, whatever ends the run, since what runs there ends with its input.
 */
export const ssh: RunnerKind = {
  scheme: 'ssh',
  says: 'ssh://USER@HOST[:PORT][/PATH/TO/PROGRAM][?runtime=litert|tflm|benchmark_model][&kernels=…][&delegate=… of benchmark_model][&threads=N][&identity=KEYFILE][&known-hosts=FILE]  a Python or benchmark_model on another machine; its host key stands in .peapod/known_hosts',
  missing: async (uri) => {
    if (uri !== 'ssh:') sshAddress(uri, ssh)
    const { failed } = await execa('ssh', ['-V'], { reject: false, stdin: 'ignore' })
    return failed ? { what: 'there is no ssh', hint: 'Install the OpenSSH client.' } : undefined
  },
  device: (uri) => {
    const { host, port } = sshAddress(uri, ssh)
    return `ssh://${host.toLowerCase()}:${port}`
  },
  open: async (uri, options) => {
    const address = sshAddress(uri, ssh)
    const hosts = resolve(address.knownHosts)
    await access(hosts).catch(() => {
      throw hostKey(address, `there is no ${hosts}`)
    })
    const remote = remoteAt(address, hosts, options.timeoutMs)
    return persist(() => address.open(uri, remote, options), options)
  },
}

function remoteAt(address: SshAddress, hosts: string, timeoutMs: number): Remote {
  const { user, host, port, identity } = address
  const settings = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile="${hosts}"`,
    'GlobalKnownHostsFile=/dev/null',
    'UpdateHostKeys=no',
    'PasswordAuthentication=no',
    `ConnectTimeout=${Math.max(1, Math.min(30, Math.ceil(timeoutMs / 1e3)))}`,
    'ServerAliveInterval=5',
    'ServerAliveCountMax=2',
    'ClearAllForwardings=yes',
    'ForwardAgent=no',
    'PermitLocalCommand=no',
    'RequestTTY=no',
    'LogLevel=ERROR',
    ...(identity ? ['IdentitiesOnly=yes', `IdentityFile="${resolve(identity)}"`] : []),
  ]
  const options = settings.flatMap((setting) => ['-o', setting])
  return {
    argv: (line) => ['ssh', '-x', ...options, '-p', String(port), '-l', user, '--', host, line],
    work: address.work,
    explain: (ending) => explain(address, ending),
  }
}

/** 255 is ssh's own; anything else is the exit code of what ran there. */
function explain(address: SshAddress, { exitCode, stderr }: Ending): DeviceError | undefined {
  const last = stderr.trim().split('\n').at(-1) ?? ''
  if (exitCode === 127 || exitCode === 126)
    return new DeviceError(
      'runtime-missing',
      exitCode === 127 ? `there is no ${address.program} on ${address.host}` : `${address.program} is no program for ${address.host}`,
      {
        found: last,
        hint:
          exitCode === 127
            ? 'Name its program in the URI.'
            : 'It is built for another machine, or may not be run: name another in the URI.',
      },
    )
  if (exitCode !== 255) return undefined
  if (/host key|IDENTIFICATION HAS CHANGED/i.test(stderr)) return hostKey(address, last)
  if (/Permission denied/.test(stderr))
    return new DeviceError('access-denied', `${address.host} lets nobody in with the keys at hand`, {
      found: last,
      hint: 'Load the key into an agent, or name its file with &identity=; passwords are never used.',
    })
  return new DeviceError('wire-lost', `the connection to ${address.host} failed`, {
    found: last,
    hint: 'Is it on, and reachable? Start again when it is.',
  })
}

const hostKey = ({ host, port, knownHosts }: SshAddress, found: string): DeviceError =>
  new DeviceError('host-key', `the key of ${host} is not the one that this project knows`, {
    found,
    expected: `a line for ${host} in ${knownHosts}`,
    hint: `ssh-keyscan -p ${port} ${host} >> ${knownHosts} after you compared its fingerprint with the machine's own.`,
  })
