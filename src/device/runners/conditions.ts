/** What a Linux says of its CPU: governor, frequency, temperature. */
import { readdir, readFile } from 'node:fs/promises'
import type { Conditions } from '../define.ts'

const cpu = '/sys/devices/system/cpu/cpu0/cpufreq/'
const zones = '/sys/class/thermal/'

/** Files of which `Conditions` are made, for a machine that is asked by a shell; the zones of a phone are many, the first tell enough. */
export const conditionPaths: readonly string[] = [
  `${cpu}scaling_governor`,
  `${cpu}scaling_cur_freq`,
  ...[0, 1, 2, 3, 4, 5].map((n) => `${zones}thermal_zone${n}/temp`),
]

/** What `head` says of these files: a line `==> path <==`, and the first of the file, where it is there. */
export function conditionsIn(output: string): Conditions | undefined {
  const told = [...output.matchAll(/^==> (\S+) <==\r?\n(.*)/gm)].map(([, path, word]) => [path!, word!.trim()] as const)
  const of = (end: string) => told.filter(([path]) => path.endsWith(end)).map(([, word]) => word)
  return conditionsOf({ governor: of('governor'), frequency: of('cur_freq'), temperatures: of('temp') })
}

/** Of the lists of words that the files hold, which come from elsewhere and are not trusted: kHz, thousandths of a degree. */
export function conditionsOf(told: unknown): Conditions | undefined {
  const { governor, frequency, temperatures } = (told ?? {}) as Record<string, unknown>
  const words = (list: unknown): string[] => (Array.isArray(list) ? list.map((word) => String(word).slice(0, 40)) : [])
  const numbers = (list: unknown) => words(list).map(Number).filter(Number.isFinite)
  const name = words(governor)[0]
  const kHz = numbers(frequency)[0]
  const hot = numbers(temperatures).filter((t) => t > 0)
  const found: Conditions = {
    ...(name && /^[\w-]+$/.test(name) && { governor: name }),
    ...(kHz && { frequencyMHz: Math.round(kHz / 1e3) }),
    ...(hot.length && { temperature: Math.round(Math.max(...hot) / 100) / 10 }),
  }
  return Object.keys(found).length ? found : undefined
}

/** Of this machine. */
export async function conditionsHere(): Promise<Conditions | undefined> {
  const read = async (path: string) => (await readFile(path, 'utf8').catch(() => '')).trim()
  const names = (await readdir(zones).catch(() => [])).filter((name) => name.startsWith('thermal_zone'))
  const temperatures = await Promise.all(names.map((name) => read(`${zones}${name}/temp`)))
  const [governor, frequency] = await Promise.all([read(conditionPaths[0]!), read(conditionPaths[1]!)])
  return conditionsOf({ governor: [governor], frequency: [frequency], temperatures: temperatures.filter(Boolean) })
}
