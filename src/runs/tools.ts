/** What made a run: versions of Peapod, its runtime, its packages and this machine, the commit, and the lock files. */
import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus, release } from 'node:os'
import { execa } from 'execa'
import { version } from '../version.ts'
import { readIfThere, sha256 } from './files.ts'

export type Tools = {
  readonly peapod: string
  readonly node: string
  readonly v8: string
  /** Operating system and architecture. */
  readonly platform: string
  readonly machine: { readonly cpu: string; readonly cores: number; readonly kernel: string }
  /** Packages that Peapod runs with, at the exact versions that it asks for. */
  readonly packages: Readonly<Record<string, string>>
  /** SHA-256 of the lock files of Peapod and of the user's folder, where there are some. */
  readonly locks: Readonly<Record<string, string>>
  /** The commit that the user's folder is at, where it is a git checkout. */
  readonly source: { readonly commit: string; readonly dirty: boolean } | null
}

const peapodFolder = new URL('../../', import.meta.url)
const lockNames = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock']

/** What Peapod's own package.json asks for. */
export async function peapodPackages(): Promise<Record<string, string>> {
  const text = await readFile(new URL('package.json', peapodFolder), 'utf8')
  return (JSON.parse(text) as { dependencies: Record<string, string> }).dependencies
}

export async function readTools(): Promise<Tools> {
  return {
    peapod: version,
    node: process.version,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    machine: { cpu: cpus()[0]?.model.trim() ?? 'unknown', cores: availableParallelism(), kernel: release() },
    packages: await peapodPackages(),
    locks: await readLocks(),
    source: await sourceState(),
  }
}

async function readLocks(): Promise<Record<string, string>> {
  const own = await readFile(new URL('package-lock.json', peapodFolder)).catch(() => undefined)
  const found: Record<string, string> = own ? { 'peapod/package-lock.json': sha256(own) } : {}
  for (const name of lockNames) {
    const bytes = await readIfThere(name)
    if (bytes) found[name] = sha256(bytes)
  }
  return found
}

async function sourceState(): Promise<Tools['source']> {
  const git = async (...words: string[]) =>
    (await execa('git', words, { reject: false, stdin: 'ignore', timeout: 10_000 })) as { stdout: string; failed: boolean }
  const [head, status] = await Promise.all([git('rev-parse', 'HEAD'), git('status', '--porcelain')])
  return head.failed ? null : { commit: head.stdout.trim(), dirty: status.stdout.trim() !== '' }
}
