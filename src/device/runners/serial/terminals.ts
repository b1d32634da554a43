/** The terminal devices of boards that are plugged in. */
import { readdir } from 'node:fs/promises'

/** Names under `/dev/serial/by-id` stay when a board is plugged in elsewhere; where there are none, those of the drivers. */
export async function terminals(): Promise<string[]> {
  const named = await readdir('/dev/serial/by-id').catch(() => [])
  if (named.length) return named.sort().map((name) => `/dev/serial/by-id/${name}`)
  const all = await readdir('/dev').catch(() => [])
  return all
    .filter((name) => /^(ttyACM|ttyUSB|cu\.usb)/.test(name))
    .sort()
    .map((name) => `/dev/${name}`)
}
