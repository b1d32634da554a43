/** What folders of data have in common: settings in dataset.json, class names in labels.txt, files that may be gzipped. */
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { z } from 'zod'
import { UserError } from '../errors.ts'

/** The most bytes that one file may hold when unpacked. */
export const largestFileBytes = 2 ** 31 - 1

const settings = z.strictObject({
  /** Whether a mirrored image keeps its class; false where nothing is said. */
  mirrors: z.boolean().optional(),
  /** The size to which images of a folder are brought. */
  size: z.tuple([z.int().min(1).max(4096), z.int().min(1).max(4096)]).optional(),
  /** Leave out image files that cannot be read, and say which, instead of stopping. */
  skipCorrupt: z.boolean().optional(),
  /** The value of a mask's pixels that do not count, where it is not 255. */
  ignore: z.int().min(0).max(255).optional(),
  /** Which of CIFAR-100's two labels counts. */
  labels: z.enum(['fine', 'coarse']).optional(),
})
export type Settings = z.infer<typeof settings>

/** Reads `dataset.json` where there is one. */
export async function readSettings(folder: string): Promise<Settings> {
  const path = join(folder, 'dataset.json')
  if (!existsSync(path)) return {}
  const expected =
    '{ "mirrors": true or false, "size": [height, width], "skipCorrupt": true or false, "ignore": 0 to 255, "labels": "fine" or "coarse" }, all optional'
  const refuse = (found: string) => new UserError('bad-dataset-json', `${path} is not a data set's settings`, { found, expected })
  let json: unknown
  try {
    json = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw refuse((error as Error).message)
  }
  const parsed = settings.safeParse(json)
  if (!parsed.success) throw refuse(z.prettifyError(parsed.error).replaceAll('\n', ' '))
  return parsed.data
}

/** Class names, one a line, in the order of the labels; `file` is labels.txt unless a data set has its own. */
export async function readLabels(folder: string, file = 'labels.txt'): Promise<string[]> {
  const path = join(folder, file)
  const expected = 'one class name a line, in the order of the label bytes'
  if (!existsSync(path)) {
    throw new UserError('missing-labels', `${path} is missing`, {
      found: 'no such file',
      expected,
      hint: `write the class names into ${file}`,
    })
  }
  const names = (await readFile(path, 'utf8')).split(/\r?\n/).map((line) => line.trim())
  while (names.at(-1) === '') names.pop()
  if (names.length < 2)
    throw new UserError('bad-labels', `${path} names too few classes`, { found: `${names.length}`, expected: 'at least 2' })
  if (names.length > 256)
    throw new UserError('bad-labels', `${path} names too many classes`, { found: `${names.length}`, expected: 'at most 256' })
  const blank = names.indexOf('')
  if (blank >= 0) throw new UserError('bad-labels', `${path} has an empty line`, { found: `nothing on line ${blank + 1}`, expected })
  const twice = names.findIndex((name, i) => names.indexOf(name) < i)
  if (twice >= 0) {
    const found = `${names[twice]} on lines ${names.indexOf(names[twice]!) + 1} and ${twice + 1}`
    throw new UserError('duplicate-labels', `${path} names a class twice`, { found, expected: 'every class once' })
  }
  return names
}

/** A whole file, if this machine can read and hold it. */
async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path)
    if (size > largestFileBytes) throw new Error(`${size} bytes, where ${largestFileBytes} are the most`)
    return await readFile(path)
  } catch (cause) {
    const expected = `a readable file of at most ${largestFileBytes} bytes`
    throw new UserError('unreadable-data', `${path} cannot be read`, { found: (cause as Error).message, expected, cause })
  }
}

/** What zlib calls it, and what we do. */
const unpackingErrors: Readonly<Record<string, readonly [code: string, found: string]>> = {
  Z_BUF_ERROR: ['truncated-data', 'it ends in the middle'],
  ERR_BUFFER_TOO_LARGE: ['unreadable-data', `more than ${largestFileBytes} bytes when unpacked`],
}

export const hasFile = (folder: string, name: string): boolean => existsSync(join(folder, name)) || existsSync(join(folder, `${name}.gz`))

/** The bytes of `NAME.gz`, unpacked, or of `NAME`. */
export async function readMaybeGzipped(folder: string, name: string): Promise<Uint8Array> {
  const plain = join(folder, name)
  const packed = `${plain}.gz`
  if (!existsSync(packed)) {
    if (existsSync(plain)) return bytesOf(plain)
    throw new UserError('missing-data-file', `${plain} is missing`, {
      found: `neither ${name} nor ${name}.gz in ${folder}`,
      expected: `${name} or ${name}.gz`,
      hint: 'a data set needs train, validation and test',
    })
  }
  const bytes = await bytesOf(packed)
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: largestFileBytes })
  } catch (cause) {
    const { code: reason = '', message } = cause as NodeJS.ErrnoException
    const [code, found] = unpackingErrors[reason] ?? ['corrupt-data', message]
    throw new UserError(code, `${packed} cannot be unpacked`, {
      found,
      expected: 'a whole gzip file',
      hint: 'copy or download the file again',
      cause,
    })
  }
}
