/** Where a model comes from: manifest, signature, leaks, files changed by hand, and the same bytes again. */
import { generateKeyPairSync } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { sha256 } from '../../src/runs/files.ts'
import { runCli } from '../support/run-cli.ts'
import { smallDeploy } from '../support/small-run.ts'
import { writeSmallSigns } from '../support/small-signs.ts'

const isCheckout = existsSync('.git')
let folder: string
let data: string
let run: string
let key: string
let publicKey: string
const read = async (...parts: string[]) => JSON.parse(await readFile(join(...parts), 'utf8'))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peapod-provenance-'))
  data = await writeSmallSigns(join(folder, 'signs'))
  // Two test images become copies of training images, one of them under another label.
  const record = 1 + 3 * 1024
  const train = gunzipSync(await readFile(join(data, 'train.bin.gz')))
  const test = gunzipSync(await readFile(join(data, 'test.bin.gz')))
  train.copy(test, 3 * record, 7 * record, 8 * record)
  train.copy(test, 5 * record + 1, 9 * record + 1, 10 * record)
  await writeFile(join(data, 'test.bin.gz'), gzipSync(test))
  run = join(folder, 'run')
  key = join(folder, 'key.pem')
  publicKey = join(folder, 'key.pub')
  const pair = generateKeyPairSync('ed25519')
  await writeFile(key, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  await writeFile(publicKey, pair.publicKey.export({ type: 'spki', format: 'pem' }))
  const { err } = await runCli(...smallDeploy(data, run), '--sign', key)
  expect(err).toContain('LEAK: 2 test images also stand in train, byte for byte')
  expect(err).toContain('test 3 is train 7')
})

test('the manifest says what was made, from what, and with what', async () => {
  const manifest = await read(run, 'manifest.json')
  expect(manifest).toMatchObject({
    target: 'ethos-u55-128',
    seed: 1,
    network: 'mobilenet-v1',
    node: process.version,
    v8: process.versions.v8,
    packages: { flatbuffers: expect.stringMatching(/^\d/) },
    data: { splits: { train: { count: 128 } }, shared: { trainTest: 2, validationTest: 0, trainValidation: 0 } },
    calibration: { count: 20, sha256: expect.stringMatching(/^[0-9a-f]{64}$/), alsoIn: { validation: 0 } },
    runners: { 'simulator:': { rounding: 'tflm' } },
    source: isCheckout ? { commit: expect.stringMatching(/^[0-9a-f]{40}$/), dirty: expect.any(Boolean) } : null,
    locks: { 'package-lock.json': sha256(await readFile('package-lock.json')) },
  })
  const listed = Object.entries(manifest.files as Record<string, string>)
  for (const [file, digest] of listed) expect([file, sha256(await readFile(join(run, file)))]).toEqual([file, digest])
  const there = (await readdir(run, { recursive: true, withFileTypes: true })).filter((e) => e.isFile()).map((e) => e.name)
  const beside = there.filter((name) => name === 'made.json' || name.startsWith('manifest.'))
  expect(listed.length).toBe(there.length - beside.length)
  const { indices } = await read(run, 'quantise', 'calibration.json')
  expect(new Set(indices).size).toBe(20)
  expect(Math.max(...indices)).toBeLessThan(128)
})

test('a signature holds for these bytes and this key alone', async () => {
  expect(await runCli('verify-manifest', run, '--key', publicKey)).toMatchObject({ code: 0, out: expect.stringContaining('by your key') })
  expect((await runCli('verify-manifest', run)).out).toContain('give --key to know whose')
  const other = join(folder, 'other.pub')
  await writeFile(other, generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }))
  expect(await runCli('verify-manifest', run, '--key', other)).toMatchObject({
    code: 1,
    out: expect.stringContaining('another key than yours'),
  })
  const copy = join(folder, 'forged')
  await cp(run, copy, { recursive: true })
  const manifest = await read(copy, 'manifest.json')
  await writeFile(join(copy, 'manifest.json'), JSON.stringify({ ...manifest, seed: 2 }))
  expect(JSON.parse((await runCli('verify-manifest', copy, '--json')).out)).toMatchObject({
    signature: 'broken',
    holds: false,
    changes: [],
  })
  await rm(join(copy, 'manifest.sig'))
  expect(await runCli('verify-manifest', copy)).toMatchObject({ code: 0, out: expect.stringContaining('not signed') })
  expect((await runCli('verify-manifest', copy, '--key', publicKey)).code).toBe(1)
})

test.each([
  ['no key at all', 'missing.pem', undefined],
  ['not a key', 'rubbish.pem', 'rubbish'],
  [
    'another kind of key',
    'rsa.pem',
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  ],
])('%s is refused before anything runs', async (_, name, content) => {
  if (content !== undefined) await writeFile(join(folder, name), content)
  const refused = await runCli(...smallDeploy(data, join(folder, 'never')), '--sign', join(folder, name))
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('bad-key') })
  expect(await readdir(folder)).not.toContain('never')
})

test('each file that changed is named, also by the next deploy, which makes it again', async () => {
  const copy = join(folder, 'changed')
  await cp(run, copy, { recursive: true })
  const before = await readFile(join(copy, 'model.tflite'))
  await appendFile(join(copy, 'model.tflite'), 'x')
  await appendFile(join(copy, 'check', 'check.json'), ' ')
  await rm(join(copy, 'layers.csv'))
  const digest = sha256(await readFile(join(copy, 'model.tflite')))
  const found = await runCli('verify-manifest', copy, '--json')
  expect(found.code).toBe(1)
  expect(
    JSON.parse(found.out)
      .changes.map((c: { file: string }) => c.file)
      .sort(),
  ).toEqual(['check/check.json', 'layers.csv', 'model.tflite'])
  expect((await runCli('verify-manifest', copy)).out).toContain(
    `model.tflite was changed: its SHA-256 was ${sha256(before)}, now it is ${digest}`,
  )
  const again = await runCli(...smallDeploy(data, copy))
  expect(again.err).toContain(`model.tflite was changed: its SHA-256 was ${sha256(before)}, now it is ${digest}; it is made again`)
  expect(again.err).toContain('check/check.json was changed')
  expect(again.err).not.toContain('layers.csv')
  expect(Buffer.compare(await readFile(join(copy, 'model.tflite')), before)).toBe(0)
  // Signed before, not signed now: no signature is left that is not of this manifest.
  expect(await runCli('verify-manifest', copy)).toMatchObject({ code: 0, out: expect.stringContaining('not signed') })
  expect((await runCli(...smallDeploy(data, copy))).err).not.toContain('was changed')
})

test('the same bytes come out again; another file is told, with where the trail parts', async () => {
  expect(await runCli('reproduce', run, '--threads', '2')).toMatchObject({ code: 0, out: expect.stringMatching(/^the same \d+ bytes/) })
  const copy = join(folder, 'other')
  await cp(run, copy, { recursive: true })
  const config = await read(copy, 'config.json')
  await writeFile(join(copy, 'config.json'), JSON.stringify({ ...config, quantise: { ...config.quantise, calibration: 21 } }))
  const kept = join(folder, 'kept')
  const different = await runCli('reproduce', copy, '--json', '--out', kept)
  expect(different.code).toBe(1)
  expect(JSON.parse(different.out)).toMatchObject({ same: false, firstDifference: 'quantise/calibration.json' })
  expect(await readdir(kept)).toContain('model.tflite')
})

test('the evidence stands on a run whose files are its own, and takes up what reproduce found', async () => {
  const made = await runCli('evidence', run)
  expect(made.code).toBe(0)
  const said = await read(run, 'evidence', 'evidence.json')
  expect(said).toMatchObject({
    verdict: 'pass',
    versions: { node: process.version },
    modelTest: { subjects: [{ samples: 40 }, { samples: 40 }, {}] },
  })
  const measure = (id: string) => said.measures.find((m: { id: string }) => m.id === id)
  expect(measure('MEA-REPRODUCE').result).toContain('the same bytes')
  expect(measure('MEA-LEAK').result).toContain('test images also in train: 2')
  expect(await runCli('verify-manifest', run)).toMatchObject({ code: 0 })
  const copy = join(folder, 'unproven')
  await cp(run, copy, { recursive: true })
  await appendFile(join(copy, 'report.json'), ' ')
  expect(await runCli('evidence', copy)).toMatchObject({ code: 2, err: expect.stringContaining('run-changed') })
})

test.each([
  ['verify-manifest', 'no-manifest'],
  ['evidence', 'no-manifest'],
  ['reproduce', 'no-run'],
])('%s of a folder that is no run is the user’s error', async (command, code) => {
  expect(await runCli(command, folder)).toMatchObject({ code: 2, err: expect.stringContaining(code) })
})

test.each([
  ['not JSON', '{'],
  ['another schema', '{"schemaVersion":"9","files":{}}'],
  ['a path that leaves the folder', JSON.stringify({ schemaVersion: '1', files: { '../../etc/passwd': 'a'.repeat(64) } })],
])('a manifest with %s is refused', async (_, text) => {
  const copy = await mkdtemp(join(folder, 'bad-'))
  await writeFile(join(copy, 'manifest.json'), text)
  expect(await runCli('verify-manifest', copy)).toMatchObject({ code: 2, err: expect.stringContaining('bad-manifest') })
})
