/** What `peapod verify` keeps under `.peapod/verify`: outputs of an interrupted run, and afterwards the samples that differ most. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kept } from '../device/verify.ts'
import { type Content, readIfThere, writeWhole } from '../runs/files.ts'

export type KeptVerify = Kept & {
  readonly folder: string
  /** Puts the files of the whole run in place of what was unfinished. */
  end(files: Readonly<Record<string, Content>>): Promise<void>
}

export function keptAt(name: string): KeptVerify {
  const folder = join('.peapod', 'verify', name)
  const unfinished = join(folder, 'unfinished.bin')
  return {
    folder,
    read: () => readIfThere(unfinished),
    write: (bytes) => writeWhole(unfinished, bytes),
    end: async (files) => {
      await rm(folder, { recursive: true, force: true })
      for (const [file, content] of Object.entries(files)) await writeWhole(join(folder, file), content)
    },
  }
}
