/** Files are written whole or not at all: temporary name, fsync, rename. */
import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { UserError } from '../errors.ts'

export type Content = Uint8Array | string

export const sha256 = (content: Content): string => createHash('sha256').update(content).digest('hex')

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  ENOENT: 'its folder cannot be made (is the file system read-only?)',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a folder',
  EEXIST: 'a file stands where a folder must be',
  ENAMETOOLONG: 'the name is too long',
  EFBIG: 'the file is too large for the file system',
}

/** Throws UserError `cannot-write`; what stood at `path` before is still there then. */
export async function writeWhole(path: string, content: Content): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFileAtomic(path, typeof content === 'string' ? content : Buffer.from(content.buffer, content.byteOffset, content.byteLength))
  } catch (cause) {
    throw cannotWrite(path, cause)
  }
}

export function cannotWrite(path: string, cause: unknown): UserError {
  const code = (cause as NodeJS.ErrnoException).code ?? ''
  return new UserError('cannot-write', `cannot write ${path}: ${reasons[code] ?? String(cause)}`, {
    cause,
    found: code,
    hint: 'Choose another folder with --out, or make room; earlier files are untouched.',
  })
}

/** The bytes of a file, or undefined where there is none. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await readFile(path)) // a Buffer's `slice` and `buffer` are not its own bytes
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return undefined
    throw new UserError('cannot-read', `cannot read ${path}: ${(cause as Error).message}`, { cause })
  }
}
