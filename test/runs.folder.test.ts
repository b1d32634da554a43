/** The run folder: kept by digest, whole files, one process at a time. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeWhole } from '../src/runs/files.ts'
import { openRun } from '../src/runs/folder.ts'

const folder = () => mkdtemp(join(tmpdir(), 'peapod-run-'))
const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString()

test('a stage is recalled by the key it was made from, and by nothing else', async () => {
  const run = await openRun(await folder())
  await run.keep('train', 'k1', { 'weights.bin': Uint8Array.of(1, 2), 'history.json': '{}' })
  expect(await run.recall('train', 'k1')).toEqual({ 'weights.bin': expect.anything(), 'history.json': expect.anything() })
  expect(await run.recall('train', 'k2')).toBeUndefined()
  expect(await run.recall('quantise', 'k1')).toBeUndefined()
  expect(Object.keys(await run.digests(['train', 'quantise']))).toEqual(['train/weights.bin', 'train/history.json'])
  await run.close()
})

test.each(['weights.bin', 'made.json'])('a stage whose %s was deleted or changed is made again', async (name) => {
  const path = await folder()
  const run = await openRun(path)
  for (const harm of [() => rm(join(path, 'train', name)), () => writeFile(join(path, 'train', name), 'x')]) {
    await run.keep('train', 'k', { 'weights.bin': Uint8Array.of(1) })
    await harm()
    expect(await run.recall('train', 'k')).toBeUndefined()
  }
  await run.close()
})

test('a second run in the same folder is refused while the first lives, and not after', async () => {
  const path = await folder()
  const run = await openRun(path)
  await expect(openRun(path)).rejects.toMatchObject({ code: 'run-in-use', found: expect.stringContaining(`process ${process.pid}`) })
  await run.close()
  await (await openRun(path)).close()
})

test('the lock of a process that died is taken over', async () => {
  const path = await folder()
  const dead = Number(execFileSync(process.execPath, ['-e', 'console.log(process.pid)']).toString())
  await writeFile(join(path, 'lock'), JSON.stringify({ pid: dead, host: hostname(), since: 'then' }))
  await (await openRun(path)).close()
})

test('what cannot be written says why, and leaves what stood there', async () => {
  const path = join(await folder(), 'file')
  await writeWhole(path, 'before')
  await expect(writeWhole(join(path, 'below'), 'x')).rejects.toMatchObject({ code: 'cannot-write' })
  expect(text(await readFile(path))).toBe('before')
  await expect(openRun('/dev/null/run')).rejects.toMatchObject({ code: 'cannot-write' })
})
