/** The bytes of a model file, unpacked where it is gzipped; never more than a limit. */
import { readFile, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { UserError } from '../errors.ts'

/** No float model of a compact network comes near, optimiser state included. */
export const MOST_BYTES = 2 ** 30

/** Throws UserError `cannot-read`, `too-large` and `truncated-file`. */
export async function readBytes(path: string, most = MOST_BYTES): Promise<Uint8Array> {
  const bytes = await readAll(path, most)
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: most })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(path, 'more than that once unpacked', most)
    throw new UserError('truncated-file', `${path} is no whole gzip file: ${(cause as Error).message}`, {
      cause,
      hint: 'copy the file again',
    })
  }
}

async function readAll(path: string, most: number): Promise<Uint8Array> {
  try {
    const { size } = await stat(path)
    if (size > most) throw tooLarge(path, `${size} bytes`, most)
    return await readFile(path)
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw new UserError('cannot-read', `cannot read ${path}: ${(cause as Error).message}`, { cause, hint: 'give the path of a model file' })
  }
}

const tooLarge = (path: string, found: string, most: number): UserError =>
  new UserError('too-large', `${path} is too large for a float model`, { found, expected: `at most ${most} bytes` })
