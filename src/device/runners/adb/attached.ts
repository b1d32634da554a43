/** The devices that adb sees, and their states. */
import { execa } from 'execa'

export type Attached = { readonly serial: string; readonly state: string }

/** Empty where there is no adb. Starts adb's server where none runs, as every adb command does. */
export async function attached(timeoutMs = 10_000): Promise<readonly Attached[]> {
  const { stdout } = await execa('adb', ['devices'], { reject: false, stdin: 'ignore', timeout: timeoutMs })
  return String(stdout ?? '')
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(/\s+/))
    .filter(([serial, state]) => serial && state)
    .map(([serial, state]) => ({ serial: serial!, state: state! }))
}
