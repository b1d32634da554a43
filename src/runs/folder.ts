/** A run folder: what each stage made, under the stage's name, kept by the digest of what it was made from. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Content, readIfThere, sha256, writeWhole } from './files.ts'
import { takeLock } from './lock.ts'

export type Files = Readonly<Record<string, Content>>

/** Written last of a stage's files: what it was made from, and what it made. */
type StageRecord = { readonly key: string; readonly files: Readonly<Record<string, string>> }

export type RunFolder = {
  readonly path: string
  /** The files that a stage left, if they are all there, unharmed, and made from `key`. */
  recall(stage: string, key: string): Promise<Readonly<Record<string, Uint8Array>> | undefined>
  /** Replaces what the stage left before. */
  keep(stage: string, key: string, files: Files): Promise<void>
  /** Removes what a stage left. */
  forget(stage: string): Promise<void>
  read(file: string): Promise<Uint8Array | undefined>
  write(file: string, content: Content): Promise<void>
  remove(file: string): Promise<void>
  /** SHA-256 of each file that the stages keep, by path. */
  digests(stages: readonly string[]): Promise<Readonly<Record<string, string>>>
  close(): Promise<void>
}

const recordName = 'made.json'

/** Locks the folder. Throws UserErrors `run-in-use`, `cannot-write`. */
export async function openRun(path: string): Promise<RunFolder> {
  const release = await takeLock(join(path, 'lock'))
  const at = (...parts: string[]) => join(path, ...parts)
  const recordOf = async (stage: string) => {
    const bytes = await readIfThere(at(stage, recordName))
    return bytes && parseRecord(bytes)
  }
  return {
    path,
    async recall(stage, key) {
      const record = await recordOf(stage)
      if (record?.key !== key) return undefined
      const found: Record<string, Uint8Array> = {}
      for (const [name, digest] of Object.entries(record.files)) {
        const bytes = await readIfThere(at(stage, name))
        if (!bytes || sha256(bytes) !== digest) return undefined
        found[name] = bytes
      }
      return found
    },
    async keep(stage, key, files) {
      await rm(at(stage, recordName), { force: true })
      for (const [name, content] of Object.entries(files)) await writeWhole(at(stage, name), content)
      const record: StageRecord = {
        key,
        files: Object.fromEntries(Object.entries(files).map(([name, content]) => [name, sha256(content)])),
      }
      await writeWhole(at(stage, recordName), `${JSON.stringify(record, null, 2)}\n`)
    },
    forget: (stage) => rm(at(stage, recordName), { force: true }),
    read: (file) => readIfThere(at(file)),
    write: (file, content) => writeWhole(at(file), content),
    remove: (file) => rm(at(file), { force: true }),
    async digests(stages) {
      const records = await Promise.all(stages.map(async (stage) => [stage, await recordOf(stage)] as const))
      return Object.fromEntries(
        records.flatMap(([stage, record]) => Object.entries(record?.files ?? {}).map(([name, digest]) => [`${stage}/${name}`, digest])),
      )
    },
    close: release,
  }
}

function parseRecord(bytes: Uint8Array): StageRecord | undefined {
  try {
    const { key, files } = JSON.parse(Buffer.from(bytes).toString()) as StageRecord
    return typeof key === 'string' && typeof files === 'object' && files !== null ? { key, files } : undefined
  } catch {
    return undefined
  }
}
