/** `manifest.json`, written last: what is in a run folder and what made it. */
import { execa } from 'execa'
import { version } from '../version.ts'
import { sha256 } from './files.ts'
import type { RunFolder } from './folder.ts'

/** `published` are files at the folder's top, `stages` the folders below it. */
export async function writeManifest(
  run: RunFolder,
  published: readonly string[],
  stages: readonly string[],
  config: unknown,
): Promise<void> {
  const top = await Promise.all(published.map(async (name) => [name, sha256((await run.read(name))!)] as const))
  const manifest = {
    schemaVersion: '1',
    peapod: version,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    written: new Date().toISOString(),
    source: await sourceState(),
    config: sha256(JSON.stringify(config)),
    files: { ...Object.fromEntries(top), ...(await run.digests(stages)) },
  }
  await run.write('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`)
}

/** The commit that the user's folder is at, where it is a git checkout. */
async function sourceState(): Promise<{ commit: string; dirty: boolean } | null> {
  const git = async (...words: string[]) =>
    (await execa('git', words, { reject: false, stdin: 'ignore', timeout: 10_000 })) as { stdout: string; failed: boolean }
  const [head, status] = await Promise.all([git('rev-parse', 'HEAD'), git('status', '--porcelain')])
  return head.failed ? null : { commit: head.stdout.trim(), dirty: status.stdout.trim() !== '' }
}
