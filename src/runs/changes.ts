/** Which files of a run folder are no longer what was recorded of them. */
import { join } from 'node:path'
import { readIfThere, sha256 } from './files.ts'
import type { RunFolder } from './folder.ts'
import { readManifest } from './manifest.ts'

export type Change = { readonly file: string; readonly recorded: string /** Null where it is gone. */; readonly found: string | null }

/** Holds files against digests recorded of them. */
export async function findChanges(folder: string, digests: Readonly<Record<string, string>>): Promise<Change[]> {
  const changes: Change[] = []
  for (const [file, recorded] of Object.entries(digests)) {
    const bytes = await readIfThere(join(folder, file))
    const found = bytes ? sha256(bytes) : null
    if (found !== recorded) changes.push({ file, recorded, found })
  }
  return changes
}

/** Of an open run: what its manifest says, and where there is none what its stages say. A file that is gone is not a change. */
export async function changedByHand(run: RunFolder, stages: readonly string[]): Promise<Change[]> {
  const manifest = await readManifest(run.path).catch(() => undefined)
  const digests = manifest?.manifest.files ?? (await run.digests(stages))
  return (await findChanges(run.path, digests)).filter(({ found }) => found !== null)
}

export const changeText = ({ file, recorded, found }: Change): string =>
  found === null ? `${file} is gone; its SHA-256 was ${recorded}` : `${file} was changed: its SHA-256 was ${recorded}, now it is ${found}`
