/** Data folders written for a test, and what comes of opening them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { afterAll, expect } from 'vitest'
import type { DataSet, splitNames } from '../../src/data/define.ts'
import { openDataSet } from '../../src/data/load.ts'
import { UserError } from '../../src/errors.ts'
import { bits, key } from '../../src/graph/math/random.ts'

export const root = mkdtempSync(join(tmpdir(), 'peapod-data-'))
afterAll(() => rmSync(root, { recursive: true }))
let made = 0

export type Files = Readonly<Record<string, string | Uint8Array>>
/** Writes files into a fresh folder. */
export function folder(files: Files): string {
  const path = join(root, `${made++}`)
  mkdirSync(path)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), content)
  }
  return path
}
export const without = (files: Files, ...names: string[]): Files =>
  Object.fromEntries(Object.entries(files).filter(([name]) => !names.includes(name)))
export const opened = (files: Files, options = {}) => openDataSet(folder(files), { seed: 1, ...options })
/** The UserError that opening throws, complete. */
export async function refusal(files: Files): Promise<UserError> {
  const error = await opened(files).catch((e) => e)
  expect(error).toBeInstanceOf(UserError)
  for (const part of [error.message, error.found, error.expected]) expect(part).toMatch(/\S/)
  return error
}
export const image = (data: DataSet, split: (typeof splitNames)[number], index: number) => {
  const { shape, read } = data.splits[split]
  const into = new Uint8Array(shape[0] * shape[1] * shape[2] + 2).fill(7)
  read(index, into, 1)
  expect([into[0], into.at(-1)]).toEqual([7, 7])
  return into.subarray(1, -1)
}

/** One record: a label, then three planes. */
export const record = (label: number, seed: number) =>
  Uint8Array.from({ length: 3073 }, (_, i) => (i ? bits(key(seed, 'test'), i) & 255 : label))
export const records = (labels: readonly number[], seed = 0) => Buffer.concat(labels.map((label, i) => record(label, seed + i)))
export const flat = (red: number, width = 6, height = 4) =>
  sharp({ create: { width, height, channels: 3, background: { r: red, g: 10, b: 200 } } })
export const pngs = async (part: string, name: string, count: number, red: number): Promise<Files> =>
  Object.fromEntries(
    await Promise.all(
      Array.from(
        { length: count },
        async (_, i) =>
          [
            `${part}/${name}/${i}.png`,
            await flat(red + i)
              .png()
              .toBuffer(),
          ] as const,
      ),
    ),
  )
export const tree: Files = {
  ...(await pngs('train', 'cat', 20, 0)),
  ...(await pngs('train', 'dog', 20, 100)),
  ...(await pngs('test', 'dog', 2, 200)),
  'test/cat/wide.jpg': await flat(40, 20, 4).jpeg({ quality: 100 }).toBuffer(),
  'test/cat/note.txt': 'not an image',
}
