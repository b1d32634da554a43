/** What bad input gets: exit code 2, one message with a code, what was found, and a hint. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { writeTflite } from '../src/formats/tflite/write.ts'
import { mobilenetInt8 } from './samples/mobilenet-int8.ts'
import { runCli } from './support/run-cli.ts'

let folder: string
const at = (name: string) => join(folder, name)
const record = (label: number) => [label, ...new Uint8Array(3072)]

async function dataFolder(name: string, train: Uint8Array | undefined): Promise<void> {
  await mkdir(at(name))
  const good = gzipSync(Uint8Array.from([...record(0), ...record(1)]))
  for (const split of ['validation', 'test']) await writeFile(join(at(name), `${split}.bin.gz`), good)
  if (train) await writeFile(join(at(name), 'train.bin.gz'), train)
  await writeFile(join(at(name), 'labels.txt'), 'stop\ngo\n')
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peapod-bad-'))
  const model = writeTflite(mobilenetInt8())
  await writeFile(at('good.tflite'), model)
  await writeFile(at('empty.tflite'), '')
  await writeFile(at('text.tflite'), 'this is no model, but a text of some length')
  await writeFile(at('cut.tflite'), model.subarray(0, model.length / 2))
  await writeFile(at('short.bin'), new Uint8Array(100))
  await writeFile(at('broken.json'), '{"seed": ')
  await writeFile(at('typo.json'), '{"pea": {"ensembel": "weighted"}}')
  await writeFile(at('type.json'), '{"train": {"epochs": "many"}}')
  const whole = gzipSync(Uint8Array.from([...record(0), ...record(1)]))
  await dataFolder('truncated', whole.subarray(0, whole.length - 12))
  await dataFolder('ragged', gzipSync(Uint8Array.from([...record(0), 1, 2])))
  await dataFolder('label', gzipSync(Uint8Array.from(record(7))))
  await dataFolder('missing', undefined)
})

const deploy = (...words: string[]) => ['deploy', '--target', 'ethos-u55-128', '--out', at('run'), ...words]

test.each<[string, () => string[], string]>([
  ['an unknown target', () => ['check', at('good.tflite'), '--target', 'ethos-u55-127'], 'Did you mean ethos-u55-128'],
  ['a file that is not there', () => ['inspect', at('none.tflite')], 'cannot-read'],
  ['an empty model', () => ['inspect', at('empty.tflite')], 'tflite-empty'],
  ['a text as a model', () => ['inspect', at('text.tflite')], 'tflite-'],
  ['a truncated model', () => ['check', at('cut.tflite'), '--target', 'ethos-u55-128'], 'tflite-'],
  ['an input of the wrong size', () => ['execute', at('good.tflite'), '--input', at('short.bin')], 'bad-input'],
  [
    'a word that is no rounding',
    () => ['execute', at('good.tflite'), '--input', at('short.bin'), '--rounding', 'up'],
    'tflm, litert or xnnpack',
  ],
  ['a model that does not say its preprocessing', () => ['evaluate', at('good.tflite'), '--data', 'roadsigns'], 'no-preprocess'],
  [
    'an unknown split',
    () => [
      'evaluate',
      at('good.tflite'),
      '--data',
      'roadsigns',
      '--split',
      'tset',
      '--preprocess',
      '{"height":32,"width":32,"colour":"rgb","resize":"none","scale":1,"mean":[0,0,0],"deviation":[1,1,1]}',
    ],
    'unknown-split',
  ],
  ['an unknown runner', () => ['run', at('good.tflite'), '--runner', 'simulater:'], 'Did you mean simulator:'],
  ['a project file that is not there', () => deploy('--config', at('none.json')), 'no-project'],
  ['a project file that is no JSON', () => deploy('--config', at('broken.json')), 'bad-project'],
  ['an unknown key', () => deploy('--config', at('typo.json')), 'Did you mean ensemble?'],
  ['an ill-typed key', () => deploy('--config', at('type.json')), 'train.epochs'],
  ['a setting that is none', () => deploy('--set', 'epochs'), 'bad-setting'],
  ['an unknown stage', () => deploy('--until', 'trian'), 'unknown-stage'],
  ['an unknown network', () => deploy('--data', 'roadsigns', '--set', 'network.use=mobilnet'), 'mobilenet-v1'],
  ['an unknown recipe', () => deploy('--data', 'roadsigns', '--set', 'train.recipe=defualt'), 'default'],
  ['a data folder that is not there', () => deploy('--data', at('nowhere')), 'does not exist'],
  ['truncated data', () => deploy('--data', at('truncated')), 'train.bin.gz'],
  ['data that is no multiple of a record', () => deploy('--data', at('ragged')), '3073'],
  ['a label out of range', () => deploy('--data', at('label')), '7'],
  ['a missing split', () => deploy('--data', at('missing')), 'train.bin'],
  ['a run folder that cannot be', () => ['deploy', '--target', 'ethos-u55-128', '--out', '/dev/null/run'], 'cannot-write'],
])('%s', async (_, words, says) => {
  const { code, err, out } = await runCli(...words())
  expect(err).toContain(says)
  expect(err).toMatch(/peapod: error [a-z0-9-]+: /)
  expect(err.match(/peapod: error/g)).toHaveLength(1)
  expect(code).toBe(2)
  expect(out).toBe('')
})

test.each([[[]], [['deploi']], [['deploy', '--tragte', 'x']], [['check']]])('the words %j get the help', async (words) => {
  const { code, err } = await runCli(...words)
  expect(code).toBe(2)
  expect(err).toMatch(/Usage|unknown|missing|required/)
})

test('help and version are no errors', async () => {
  expect(await runCli('--help')).toMatchObject({ code: 0, out: expect.stringContaining('deploy') })
  expect(await runCli('--version')).toMatchObject({ code: 0 })
})
