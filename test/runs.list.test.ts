/** Which runs there are, and which of them a policy removes. */
import { mkdir, mkdtemp, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCli } from './support/run-cli.ts'

const day = 86_400_000

/** As a deploy leaves it, as far as listing goes. */
async function put(folder: string, name: string, { days = 0, verdict = 'pass', data = 'signs', manifest = true } = {}): Promise<string> {
  const path = join(folder, name)
  await mkdir(join(path, 'train'), { recursive: true })
  const report = { target: 'ethos-u55-128', network: 'net', data: { name: data }, int8: { accuracy: 0.875 }, verdict: { outcome: verdict } }
  const files: Record<string, string> = { 'train/made.json': '{}', 'report.json': JSON.stringify(report), 'model.tflite': 'x'.repeat(2048) }
  if (manifest) files['manifest.json'] = '{}'
  const then = new Date(Date.now() - days * day)
  for (const [file, text] of Object.entries(files)) {
    await writeFile(join(path, file), text)
    await utimes(join(path, file), then, then)
  }
  return path
}

async function some(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'peapod-runs-'))
  await put(folder, 'new')
  await put(folder, 'week', { days: 7 })
  await put(folder, 'failed', { days: 2, verdict: 'fail' })
  await put(folder, 'unfinished', { days: 1, manifest: false })
  await put(folder, 'month', { days: 31, data: 'other' })
  const used = await put(folder, 'used', { days: 40, verdict: 'fail' })
  await writeFile(join(used, 'lock'), JSON.stringify({ pid: process.pid, host: hostname(), since: 'now' }))
  await utimes(join(used, 'lock'), new Date(0), new Date(0))
  const noted = await put(folder, 'noted', { days: 50 })
  await writeFile(join(noted, 'my-notes.txt'), 'mine')
  await utimes(join(noted, 'my-notes.txt'), new Date(0), new Date(0))
  await mkdir(join(folder, 'holiday'))
  await writeFile(join(folder, 'holiday', 'report.json'), '{}')
  return folder
}

test('runs are listed the last touched first; other folders are not', async () => {
  const folder = await some()
  const found = JSON.parse((await runCli('runs', folder, '--json')).out)
  const names = found.map(({ path }: { path: string }) => path.slice(folder.length + 1))
  expect(names).toEqual(['new', 'unfinished', 'failed', 'week', 'month', 'used', 'noted'])
  expect(found[0]).toMatchObject({
    state: 'done',
    verdict: 'pass',
    int8Accuracy: 0.875,
    target: 'ethos-u55-128',
    data: 'signs',
    foreign: [],
  })
  expect(found[0].bytes).toBeGreaterThan(2048)
  expect(found[1]).toMatchObject({ state: 'unfinished', verdict: null, int8Accuracy: null })
  expect(found[5]).toMatchObject({ state: 'in use' })
  expect((await runCli('runs', folder)).out).toMatch(/failed +ethos-u55-128 +signs +87\.50 % +fail +2 d +2\.\d KiB/)
  expect((await runCli('runs', join(folder, 'nowhere'))).out).toMatch(/^no run folders/)
})

test('a network that answers pixels is known by its mean IoU', async () => {
  const path = await put(await mkdtemp(join(tmpdir(), 'peapod-runs-')), 'scenes')
  const report = JSON.parse(await readFile(join(path, 'report.json'), 'utf8'))
  await writeFile(join(path, 'report.json'), JSON.stringify({ ...report, int8: { accuracy: 0.875, meanIou: 0.5125 } }))
  expect((await runCli('runs', path)).out).toMatch(/signs +51\.25 % mIoU +pass/)
})

test.each([
  [
    ['--older-than', '6d'],
    ['week', 'month'],
  ],
  [
    ['--keep', '2'],
    ['failed', 'week'],
  ],
  [['--failed'], ['failed']],
  [['--unfinished'], ['unfinished']],
  [
    ['--older-than', '30d', '--failed'],
    ['failed', 'month'],
  ],
])('%j removes %j, only with --yes, never one in use or with files of others', async (words, gone) => {
  const folder = await some()
  const before = await readdir(folder)
  const told = JSON.parse((await runCli('clean', folder, ...words, '--json')).out)
  expect(told.removed).toBe(false)
  expect(told.runs.map((r: { path: string }) => r.path.slice(folder.length + 1)).sort()).toEqual([...gone].sort())
  expect(await readdir(folder)).toEqual(before)
  const done = await runCli('clean', folder, ...words, '--yes')
  expect(done.err).toContain('my-notes.txt')
  expect(await readdir(folder)).toEqual(before.filter((name) => !gone.includes(name)))
})

test.each([
  [[], 'no-policy'],
  [['--older-than', 'soon'], 'bad-option'],
  [['--keep', '-1'], 'bad-option'],
])('clean %j is refused', async (words, code) => {
  expect(await runCli('clean', tmpdir(), ...words)).toMatchObject({ code: 2, err: expect.stringContaining(code) })
})
