/** What an `adb:` URI says. */
import type { RunnerKind } from '../../define.ts'
import { badRunner } from '../bad-runner.ts'
import { farRuntime, farWords } from '../remote/far-runtime.ts'

/** `adb:[SERIAL][/path/to/program]?runtime=litert`; the only device that is attached where no serial is named. What our reports say in a serial's place is one too. Throws UserError `bad-runner`. */
export function adbAddress(uri: string, kind: Pick<RunnerKind, 'says'>) {
  const off = (found: string) => badRunner(uri, kind, found)
  const found = /^adb:(~[0-9a-f]{6}|[A-Za-z0-9][A-Za-z0-9._:-]*)?(\/[^?]*)?(?:\?(.*))?$/.exec(uri)
  if (!found) throw off(uri)
  const [, serial, path, query = ''] = found
  const words = new URLSearchParams(query)
  const unknown = [...words.keys()].find((word) => !farWords.includes(word))
  if (unknown !== undefined) throw off(unknown)
  return { serial, ...farRuntime(words, path, '/data/local/tmp', off) }
}

export type AdbAddress = ReturnType<typeof adbAddress>
