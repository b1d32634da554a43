/** `adb:` a runtime on an Android device, through the Android Debug Bridge. */
import { execa } from 'execa'
import { DeviceError } from '../../errors.ts'
import { isAddress, redact, tagOf } from '../../redact.ts'
import type { RunnerKind } from '../define.ts'
import { type AdbAddress, adbAddress } from './adb/address.ts'
import { attached } from './adb/attached.ts'
import { reach } from './adb/reach.ts'
import { persist } from './persist.ts'
import type { Ending } from './python/connect.ts'
import type { Remote } from './remote/define.ts'

export const adb: RunnerKind = {
  scheme: 'adb',
  says: 'adb:[SERIAL][/PATH/TO/PROGRAM][?runtime=litert|tflm|benchmark_model][&kernels=…][&delegate=… of benchmark_model][&threads=N]  an Android device; HOST:PORT is a serial too',
  missing: async (uri) => {
    if (uri !== 'adb:') adbAddress(uri, adb)
    const { failed } = await execa('adb', ['version'], { reject: false, stdin: 'ignore' })
    return failed ? { what: 'there is no adb', hint: 'Install the Android platform tools: apt-get install adb' } : undefined
  },
  device: async (uri) => {
    const { serial } = adbAddress(uri, adb)
    const all = serial === undefined ? await attached() : []
    return redact(`adb:${serial ?? (all.length === 1 ? all[0]!.serial : '')}`)
  },
  list: async () => (await attached()).map(({ serial }) => `adb:${serial}`),
  open: async (uri, options) => {
    const address = adbAddress(uri, adb)
    return persist(async () => {
      const serial = await reach(address.serial, options)
      return address.open(uri, remoteAt(address, serial), options)
    }, options)
  },
}

const remoteAt = (address: AdbAddress, serial: string): Remote => ({
  argv: (line) => ['adb', '-s', serial, 'shell', '-T', line],
  copy: {
    push: (from, to) => ['adb', '-s', serial, 'push', from, to],
    pull: (from, to) => ['adb', '-s', serial, 'pull', from, to],
  },
  work: address.work,
  explain: (ending) =>
    explain(address, isAddress(serial) ? ending : { ...ending, stderr: ending.stderr.replaceAll(serial, tagOf(serial)) }),
})

/** The client ends with 1 for what went wrong between it and the device, and else with what the device says, or 0 where the wire was cut. */
function explain({ program }: AdbAddress, { exitCode, stderr }: Ending): DeviceError | undefined {
  const last = stderr.trim().split('\n').at(-1) ?? ''
  if (exitCode === 127 || exitCode === 126)
    return new DeviceError(
      'runtime-missing',
      exitCode === 127 ? `there is no ${program} on the device` : `${program} is no program for the device`,
      { found: last, hint: 'Name its program in the URI.' },
    )
  if (exitCode === 0 || /^(adb: )?error: /m.test(stderr))
    return new DeviceError('wire-lost', 'the connection to the device broke', {
      found: last,
      hint: 'Is it on, plugged in, and unlocked? `adb devices` says what is seen; start again then.',
    })
  return undefined
}
