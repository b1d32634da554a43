/** What `peapod reproduce` leaves in a run folder. */
import type { Reproduction } from '../report/define.ts'
import type { RunFolder } from './folder.ts'

export const reproductionName = 'reproduced.json'

/** Undefined where there is none, or one of another file, which says nothing of this one. */
export async function readReproduction({ read }: Pick<RunFolder, 'read'>, model: string): Promise<Reproduction | undefined> {
  const bytes = await read(reproductionName)
  try {
    const kept = bytes && (JSON.parse(Buffer.from(bytes).toString()) as Partial<Reproduction>)
    if (kept?.of !== model || typeof kept.sha256 !== 'string') return undefined
    const { of, sha256, peapod = '', node = '', cpu = '', at = '' } = kept
    // The bytes are the same where their digests are: a word that was changed by hand changes nothing.
    return { of, sha256, same: sha256 === of, peapod, node, cpu, at }
  } catch {
    return undefined
  }
}

export const reproductionText = (record: Reproduction): string => `${JSON.stringify(record, null, 2)}\n`
