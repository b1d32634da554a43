/** The serial of a device that answers. */
import { setTimeout as pause } from 'node:timers/promises'
import { execa } from 'execa'
import { DeviceError } from '../../../errors.ts'
import { isAddress, tagOf } from '../../../redact.ts'
import type { RunnerOptions } from '../../define.ts'
import { attached } from './attached.ts'

/** A device that just came says `offline` for a moment. */
const pausesMs = [200, 800]

const hints: Readonly<Record<string, string>> = {
  unauthorized: 'Unlock the device and allow debugging from this computer.',
  offline: 'Plug it in again, or `adb reconnect`.',
  'no permissions': 'Give this user the right to its USB device (a udev rule).',
}

/** Connects to HOST:PORT first. Throws DeviceError `device-absent`, `access-denied`, `wire-lost`. */
export async function reach(serial: string | undefined, { timeoutMs, signal }: RunnerOptions): Promise<string> {
  const limit = Math.min(timeoutMs, 30_000)
  for (let n = 0; ; n++) {
    if (serial && isAddress(serial))
      await execa('adb', ['connect', serial], { reject: false, stdin: 'ignore', timeout: limit, ...(signal && { cancelSignal: signal }) })
    const all = await attached(limit)
    const found = serial ? all.find((each) => each.serial === serial || tagOf(each.serial) === serial) : all[0]
    if (!serial && all.length > 1)
      throw new DeviceError('device-absent', 'more than one device is attached', {
        found: `${all.length} devices`,
        hint: 'Name one: adb:SERIAL; `adb devices` lists them.',
      })
    if (found?.state === 'device') return found.serial
    if (n < pausesMs.length && !signal?.aborted && found?.state !== 'unauthorized') {
      await pause(pausesMs[n]!)
      continue
    }
    if (!found)
      throw new DeviceError(serial && isAddress(serial) ? 'wire-lost' : 'device-absent', 'adb sees no such device', {
        found: `${all.length} others`,
        hint: 'Is it on, plugged in, and its debugging allowed? `adb devices` says what is seen.',
      })
    throw new DeviceError(found.state === 'unauthorized' ? 'access-denied' : 'wire-lost', `the device is ${found.state}`, {
      found: found.state,
      hint: hints[found.state] ?? 'Plug it in again, or `adb reconnect`.',
    })
  }
}
