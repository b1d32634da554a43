/** What a `serial:` URI says. */
import type { RunnerKind } from '../../define.ts'
import { badRunner } from '../bad-runner.ts'
import { type Encoding, encodings } from './encode.ts'

export type Place =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'tty'; readonly path: string; readonly baud: number }

export type Address = {
  readonly place: Place
  /** The id that the firmware's model must have. */
  readonly model?: string
  readonly encoding?: Encoding
  /** How many golden vectors `load` runs. */
  readonly golden: number
  /** Whether every input is read back before it is run. */
  readonly readback: boolean
  readonly decimals: number
}

const known = ['baud', 'model', 'input', 'golden', 'readback', 'decimals']

/** `serial:/dev/ttyACM0?baud=115200` or `serial:tcp://host:port`. Throws UserError `bad-runner`. */
export function addressOf(uri: string, kind: Pick<RunnerKind, 'says'>): Address {
  const [, where, query = ''] = /^serial:([^?]*)(?:\?(.*))?$/.exec(uri) ?? []
  const words = new URLSearchParams(query)
  const off = (found: string) => badRunner(uri, kind, found)
  const unknown = [...words.keys()].find((word) => !known.includes(word))
  if (unknown !== undefined) throw off(unknown)
  const number = (word: string, dflt: number, most: number): number => {
    const text = words.get(word) ?? String(dflt)
    if (!/^\d+$/.test(text) || Number(text) > most) throw off(`${word}=${text}`)
    return Number(text)
  }
  const encoding = words.get('input') ?? undefined
  if (encoding !== undefined && !encodings.includes(encoding as Encoding)) throw off(`input=${encoding}`)
  const model = words.get('model') ?? undefined
  return {
    place: placeOf(where ?? '', number('baud', 115_200, 12_000_000), () => off(where ?? uri)),
    ...(model !== undefined && { model }),
    ...(encoding !== undefined && { encoding: encoding as Encoding }),
    golden: number('golden', 2, 1_000),
    readback: number('readback', 1, 1) === 1,
    decimals: number('decimals', 3, 9),
  }
}

function placeOf(where: string, baud: number, off: () => Error): Place {
  const tcp = /^tcp:\/\/(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9][A-Za-z0-9.-]*):(\d{1,5})$/.exec(where)
  if (tcp && Number(tcp[2]) > 0 && Number(tcp[2]) < 65_536)
    return { kind: 'tcp', host: tcp[1]!.replace(/^\[|\]$/g, ''), port: Number(tcp[2]) }
  if (/^\/dev\/[\w./:+-]+$/.test(where) && !where.split('/').includes('..') && baud > 0) return { kind: 'tty', path: where, baud }
  throw off()
}
