/** The result of one cell of an experiment, in the cell's run folder: it is there when the cell is done. */
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import type { CellResult } from '../report/experiment/define.ts'
import { readIfThere, writeWhole } from './files.ts'

const fileName = 'cell.json'
const schemaVersion = '1'

type Kept = { readonly schemaVersion: string; readonly key: string; readonly result: CellResult }

/** Undefined where the cell is not done, or was done with other settings than those of `key`. Throws UserErrors `bad-cell`, `cannot-read`. */
export async function readCell(folder: string, key: string): Promise<CellResult | undefined> {
  const path = join(folder, fileName)
  const bytes = await readIfThere(path)
  if (!bytes) return undefined
  let kept: Kept
  try {
    kept = JSON.parse(Buffer.from(bytes).toString()) as Kept
    if (typeof kept.key !== 'string' || typeof kept.result !== 'object') throw new Error('no key or result')
  } catch (cause) {
    throw new UserError('bad-cell', `${path} is not the result of a training`, {
      found: (cause as Error).message,
      expected: 'the file as peapod experiment wrote it',
      hint: 'Remove it: the cell is judged again from what its folder holds.',
      cause,
    })
  }
  return kept.schemaVersion === schemaVersion && kept.key === key ? kept.result : undefined
}

export const writeCell = (folder: string, key: string, result: CellResult): Promise<void> =>
  writeWhole(join(folder, fileName), `${JSON.stringify({ schemaVersion, key, result } satisfies Kept, null, 2)}\n`)
