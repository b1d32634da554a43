/** A small experiment through the command line: sharded, merged, kept, resumed, and refused where something is wrong. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { cellsOf } from '../../src/config/cells.ts'
import { loadExperiment, parseExperiment, presetNames } from '../../src/config/load-experiment.ts'
import { findRecipe } from '../../src/training/fit/find-recipe.ts'
import { findNetwork } from '../../src/training/networks/build-network.ts'
import type { Settings } from '../../src/training/networks/define.ts'
import { schedule } from '../../src/training/pea/schedule.ts'
import { version } from '../../src/version.ts'
import { runCli } from '../support/run-cli.ts'
import { writeSmallSigns } from '../support/small-signs.ts'

let folder: string
let file: string
let data: string
const grid = (more: object = {}) => ({
  name: 'tiny',
  project: { data: { source: data }, train: { epochs: 2, batchSize: 16 }, quantise: { calibration: 10 } },
  networks: [{ use: join(folder, 'net.mjs'), name: 'tiny-net' }],
  ensembles: ['stochastic'],
  activations: ['elu'],
  upperLimits: ['mish'],
  ends: [0.5],
  seeds: [1, 2],
  ...more,
})

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peapod-experiment-'))
  data = await writeSmallSigns(join(folder, 'signs'), { train: 64, validation: 20, test: 20 })
  const tfl = new URL('../../node_modules/@tensorflow/tfjs-layers/dist/tf-layers.node.js', import.meta.url).href
  await writeFile(
    join(folder, 'net.mjs'),
    `import tfl from '${tfl}'
     export default ({ inputShape, classes, activation }) => tfl.sequential({ layers: [
       tfl.layers.conv2d({ inputShape: [...inputShape], filters: 8, kernelSize: 3, strides: 2, padding: 'same' }), activation('act'),
       tfl.layers.globalAveragePooling2d({}), tfl.layers.dense({ units: classes, activation: 'softmax' }) ] })`,
  )
  file = join(folder, 'grid.json')
  await writeFile(file, JSON.stringify(grid()))
}, 60_000)

const changeJson = async (path: string, change: (value: Record<string, unknown>) => object) =>
  writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')))))

const words = (out: string, ...more: string[]) => ['experiment', file, '--out', join(folder, out), ...more]

test('shards do each cell once; merged, they are the experiment; nothing is trained twice', async () => {
  const first = await runCli(...words('a', '--shard', '1/2'))
  expect(first).toMatchObject({ code: 0, out: '3 of 6 cells are done; the tables come with the last one, or with --merge\n' })
  const early = await runCli(...words('a', '--merge'))
  expect(early).toMatchObject({ code: 2, err: expect.stringContaining('experiment-incomplete') })
  expect((await runCli(...words('b', '--shard', '2/2'))).code).toBe(0)
  const merged = await runCli(...words('a', '--merge', join(folder, 'b'), '--json'))
  expect(merged.err).toBe('')
  const report = JSON.parse(merged.out)
  expect(report.rows.map((r: { kind: string }) => r.kind)).toEqual(['baseline', 'ensemble', 'limit'])
  expect(report.rows[1]).toMatchObject({ seeds: [1, 2], float: { n: 2 }, int8: { n: 2 }, int8Difference: { n: 2 } })
  expect(report.rows[2].withoutInt8).toContain('mish')
  expect(await readFile(join(folder, 'a', 'experiment.md'), 'utf8')).toContain('| stochastic ELU | 2 |')
  expect(await readFile(join(folder, 'a', 'experiment.csv'), 'utf8')).toContain('"tiny-net",0.5,"ensemble","stochastic","elu",2,0,')
  const holders = await Promise.all(
    report.cells.map(async ({ seed }: { seed: number }) => {
      const at = (out: string) => readFile(join(folder, out, `tiny-net-stochastic-elu-to-0.5-seed-${seed}`, 'cell.json')).catch(() => null)
      return (await Promise.all([at('a'), at('b')])).filter(Boolean).length
    }),
  )
  expect(holders).toEqual(Array(6).fill(1))
  await cp(join(folder, 'b'), join(folder, 'a'), { recursive: true })
  const again = await runCli(...words('a', '--json'))
  expect(JSON.parse(again.out)).toEqual(report)
  expect(again.err.match(/\(kept\)/g)?.length).toBe(6)
  expect(again.err).not.toContain('epoch')
}, 60_000)

test('a lost cell is judged again to the same figures; other settings are other cells; other data does not mix', async () => {
  const before = JSON.parse(await readFile(join(folder, 'a', 'experiment.json'), 'utf8'))
  const name = 'tiny-net-relu-to-0.5-seed-2'
  await rm(join(folder, 'a', name, 'cell.json'))
  expect((await runCli(...words('a', '--list'))).out.split('\n').filter((l) => l.startsWith('to do'))).toEqual([`to do  ${name}`])
  const partial = await runCli(...words('a', '--merge', '--partial'))
  expect(partial).toMatchObject({ code: 0, out: expect.stringContaining('1 of 6 trainings are not done: seed 2 left out.') })
  expect(partial.out).toContain('| ReLU (baseline) | 1 |')
  expect(await runCli(...words('a', '--merge', '--partial', '--set', 'seeds=[2]'))).toMatchObject({
    ...{ code: 2, err: expect.stringContaining('no seed has all of its own') },
  })
  expect(JSON.parse((await runCli(...words('a', '--json'))).out)).toEqual(before)
  await changeJson(join(folder, 'a', name, 'config.json'), ({ compiler: _, ...older }) => older)
  const done = (out: string) => JSON.parse(out).filter((line: { done: boolean }) => line.done).length
  expect(done((await runCli(...words('a', '--list', '--json'))).out)).toBe(5)
  await changeJson(join(folder, 'a', name, 'config.json'), (c) => ({
    ...c,
    compiler: 'none',
    quantise: { calibration: 10 },
    baseline: undefined,
  }))
  expect(done((await runCli(...words('a', '--list', '--json'))).out)).toBe(6)
  await changeJson(join(folder, 'a', name, 'manifest.json'), (m) => ({ ...m, peapod: '0.0.1' }))
  expect(done((await runCli(...words('a', '--list', '--json'))).out)).toBe(5)
  await changeJson(join(folder, 'a', name, 'manifest.json'), (m) => ({ ...m, peapod: version }))
  const other = await runCli(...words('a', '--list', '--set', 'project.train.epochs=3', '--json'))
  expect(JSON.parse(other.out).map(({ done }: { done: boolean }) => done)).toEqual(Array(6).fill(false))
  const at = join(folder, 'a', name, 'cell.json')
  const text = await readFile(at, 'utf8')
  await writeFile(at, text.replace(/"test": "\w{4}/, '"test": "0000'))
  expect(await runCli(...words('a'))).toMatchObject({ code: 2, err: expect.stringContaining('mixed-data') })
  await writeFile(at, text.slice(0, 40))
  expect(await runCli(...words('a'))).toMatchObject({ code: 2, err: expect.stringContaining('bad-cell') })
}, 60_000)

test('a training that diverges is a row of the table', async () => {
  const only = ['--set', 'seeds=[1]', '--set', 'upperLimits=[]', '--set', 'ensembles=[]', '--set', 'project.train.rate=1e30']
  const { out, code } = await runCli(...words('diverged', ...only, '--json'))
  expect(code).toBe(0)
  expect(JSON.parse(out).rows[0]).toMatchObject({ seeds: [], float: { n: 0, mean: null }, failures: [{ seed: 1 }] })
}, 60_000)

describe('what an experiment file may say', () => {
  test.each([
    [{ ensemble: ['weighted'] }, 'unknown key ensemble', 'Did you mean ensembles?'],
    [{ project: { trian: {} } }, 'unknown key project.trian', 'Did you mean train?'],
    [{ project: { train: { epoch: 1 } } }, 'unknown key project.train.epoch', 'Did you mean epochs?'],
    [{ project: { seed: 1 } }, 'unknown key project.seed', undefined],
    [{ networks: [{ use: 'resnet-8', bas: 'relu6' }] }, 'unknown key networks.0.bas', 'Did you mean base?'],
    [{ networks: [] }, 'networks', undefined],
    [{ seeds: [1, 1] }, 'the same entry stands twice', undefined],
    [{ ends: [1] }, 'ends.0', undefined],
    [{ variants: [{ ensemble: 'weighted' }] }, 'variants.0.activation', undefined],
    [{ name: '../x' }, 'name', undefined],
  ])('refuses %j', (raw, says, hint) => {
    const all = { networks: ['resnet-8'], ...raw }
    expect(() => parseExperiment(all, 'e.json')).toThrow(
      expect.objectContaining({ code: 'bad-experiment', message: expect.stringContaining(says), ...(hint && { hint }) }),
    )
  })

  test('an empty grid and two networks of one name are refused', () => {
    const cells = (raw: object) => () => cellsOf(parseExperiment({ networks: ['resnet-8'], ...raw }, 'e.json'))
    expect(cells({ baseline: false })).toThrow(expect.objectContaining({ code: 'bad-experiment' }))
    expect(cells({ networks: ['resnet-8', { use: 'resnet-8', base: 'relu6' }] })).toThrow(
      expect.objectContaining({ code: 'bad-experiment' }),
    )
  })

  test('variants are single pairs beside the product, each once', () => {
    const raw = {
      networks: ['resnet-8'],
      ...{ ensembles: ['stochastic'], activations: ['mish', 'gelu'], upperLimits: ['swish'], seeds: [1] },
      variants: ['gelu', 'elu'].map((activation) => ({ ensemble: 'weighted', activation })),
    }
    const folders = ['relu', 'stochastic-mish', 'stochastic-gelu', 'weighted-gelu', 'weighted-elu', 'only-swish']
    const again = { ...raw, variants: [...raw.variants, { ensemble: 'stochastic', activation: 'gelu' }] }
    for (const each of [raw, again])
      expect(cellsOf(parseExperiment(each, 'e.json')).map(({ folder: f }) => f)).toEqual(folders.map((f) => `resnet-8-${f}-seed-1`))
  })

  test.each(['1/0', '0/2', '3/2', '2', 'a/b'])('refuses --shard %s', async (shard) => {
    expect(await runCli(...words('c', '--shard', shard))).toMatchObject({ code: 2, err: expect.stringContaining('bad-option') })
  })

  test('a missing file and an unknown preset are refused', async () => {
    await expect(loadExperiment('table7')).rejects.toMatchObject({ code: 'no-experiment' })
    expect(() => parseExperiment({ preset: 'table7' }, 'x')).toThrow(expect.objectContaining({ code: 'unknown-preset' }))
  })

  test.each(presetNames)('the preset %s is a grid; a file may change it', async (name) => {
    const cells = cellsOf(await loadExperiment(name, ['seeds=[4,5]', 'project.train.epochs=10']))
    expect(new Set(cells.map(({ folder: f }) => f)).size).toBe(cells.length)
    expect(new Set(cells.map(({ seed }) => seed))).toEqual(new Set([4, 5]))
    for (const { project, base, kind, end } of cells) {
      expect(project.train).toMatchObject({ epochs: 10, recipe: name === 'table6' ? 'cityscapes' : 'imagenet' })
      expect(project.pea).toMatchObject({ base, to: end })
      const network = findNetwork(project.network.use, project.network.options as Settings)
      const { phases, epochs } = findRecipe(project.train.recipe, { ...project.train, ...project.pea }, network.name)
      expect(schedule(phases, { epochs, stepsPerEpoch: 100 }).to).toBe(Math.round(end! * 1000))
      expect(project.pea.ensemble).toBe({ baseline: 'none', limit: 'smooth' }[kind as string] ?? project.pea.ensemble)
    }
  })

  test('MobileNet has ReLU6 in the tables of the paper', async () => {
    const cells = cellsOf(await loadExperiment('table1'))
    expect(new Set(cells.filter(({ base }) => base === 'relu6').map(({ network }) => network))).toEqual(new Set(['mobilenet-0.25']))
  })
})
