/** `manifest.json`, written last: what is in a run folder, and what it was made from and with. */
import { join } from 'node:path'
import { z } from 'zod'
import { UserError } from '../errors.ts'
import { readIfThere, sha256 } from './files.ts'
import type { RunFolder } from './folder.ts'
import { readTools, type Tools } from './tools.ts'

export const manifestName = 'manifest.json'

/** What the stages know of where a model comes from; absent where the run stopped before it was known. */
export type Provenance = {
  readonly target: string
  readonly seed: number
  readonly network: string
  readonly data?: {
    readonly name: string
    readonly splits: Readonly<Record<string, { readonly count: number; readonly sha256: string }>>
    /** Images of the second split that also stand in the first, byte for byte. */
    readonly shared: { readonly trainTest: number; readonly validationTest: number; readonly trainValidation: number }
  }
  /** Which images: `quantise/calibration.json`. */
  readonly calibration?: {
    readonly count: number
    readonly sha256: string
    readonly alsoIn: { readonly validation: number; readonly test: number }
  }
  /** The vendor's compiler, and what each runner says of itself. */
  readonly compiler?: string
  readonly runners?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export type Manifest = { readonly schemaVersion: '1'; readonly written: string; readonly config: string } & Tools &
  Provenance & { readonly files: Readonly<Record<string, string>> }

/** `published` are files at the folder's top, `stages` the folders below it. Returns the bytes. */
export async function writeManifest(
  run: RunFolder,
  published: readonly string[],
  stages: readonly string[],
  config: unknown,
  provenance: Provenance,
): Promise<Uint8Array> {
  const top = await Promise.all(published.map(async (name) => [name, sha256((await run.read(name))!)] as const))
  const manifest: Manifest = {
    schemaVersion: '1',
    ...(await readTools()),
    ...provenance,
    written: new Date().toISOString(),
    config: sha256(JSON.stringify(config)),
    files: { ...Object.fromEntries(top), ...(await run.digests(stages)) },
  }
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)
  await run.write(manifestName, bytes)
  return bytes
}

/** A name of a file inside the folder, and nothing else. */
const inside = z.string().refine((name) => !/^[/\\]|(^|[/\\])\.\.([/\\]|$)|[\0:]/.test(name), 'a path inside the run folder')

const readable = z.looseObject({
  schemaVersion: z.literal('1'),
  files: z.record(inside, z.string().regex(/^[0-9a-f]{64}$/)),
})

/** Throws UserErrors `no-manifest`, `bad-manifest`. */
export async function readManifest(folder: string): Promise<{ readonly manifest: Manifest; readonly bytes: Uint8Array }> {
  const path = join(folder, manifestName)
  const bytes = await readIfThere(path)
  if (!bytes)
    throw new UserError('no-manifest', `${folder} has no ${manifestName}`, {
      found: 'nothing, or a run that did not end',
      expected: 'the folder of a run that went to its end',
      hint: 'peapod runs lists the folders; the same deploy goes on where it stopped.',
    })
  return { manifest: parseManifest(bytes, path), bytes }
}

function parseManifest(bytes: Uint8Array, path: string): Manifest {
  const bad = (found: string, cause?: unknown) =>
    new UserError('bad-manifest', `${path} is not a manifest of this Peapod`, {
      found,
      cause,
      expected: 'schemaVersion 1, and files by their SHA-256',
      hint: 'It was changed by hand or by another version: peapod deploy writes it again.',
    })
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(bytes).toString())
  } catch (cause) {
    throw bad((cause as Error).message, cause)
  }
  const parsed = readable.safeParse(value)
  if (!parsed.success) throw bad(z.prettifyError(parsed.error).replaceAll('\n', ' '))
  return value as Manifest
}
