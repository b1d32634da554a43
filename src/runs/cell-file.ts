/** The result of one cell of an experiment, in the cell's run folder: it is there when the cell is done. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import type { CellResult } from '../report/experiment/define.ts'
import { readIfThere, writeWhole } from './files.ts'
import { manifestName } from './manifest.ts'

const fileName = 'cell.json'
const schemaVersion = '1'

/** A result, and what the run folder says that it was made from and with. */
export type KeptCell = { readonly result: CellResult; readonly project: unknown; readonly peapod: unknown }

/** Undefined where the cell is not done. Throws UserErrors `bad-cell`, `cannot-read`. */
export async function readCell(folder: string): Promise<KeptCell | undefined> {
  const kept = (await readJson(join(folder, fileName))) as { schemaVersion?: unknown; result?: CellResult } | undefined
  if (kept?.schemaVersion !== schemaVersion) return undefined
  const project = await readJson(join(folder, 'config.json'))
  const manifest = (await readJson(join(folder, manifestName))) as { peapod?: unknown } | undefined
  return kept.result && project && manifest && { result: kept.result, project, peapod: manifest.peapod }
}

async function readJson(path: string): Promise<object | undefined> {
  const bytes = await readIfThere(path)
  if (!bytes) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString())
    if (typeof value === 'object' && value !== null) return value
    throw new Error('no object')
  } catch (cause) {
    throw new UserError('bad-cell', `${path} is not what a training left`, {
      found: (cause as Error).message,
      expected: 'the file as peapod experiment wrote it',
      hint: 'Remove it: the cell is judged again from what its folder holds.',
      cause,
    })
  }
}

/** Before a cell is made anew: a result never stands beside settings that it was not made with. */
export const forgetCell = (folder: string): Promise<void> => rm(join(folder, fileName), { force: true })

export const writeCell = (folder: string, result: CellResult): Promise<void> =>
  writeWhole(join(folder, fileName), `${JSON.stringify({ schemaVersion, result }, null, 2)}\n`)
