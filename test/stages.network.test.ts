/** The network that a project describes: ensembles by layer, a module of the user's own with plain ReLU, settings of a recipe. */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { parseProject } from '../src/config/load.ts'
import { buildModel } from '../src/stages/network.ts'
import { findEnsembles } from '../src/training/pea/find-ensembles.ts'

const data = {
  set: { classes: ['a', 'b'], splits: { train: {} } },
  preprocess: { height: 16, width: 16, colour: 'rgb' },
} as unknown as Parameters<typeof buildModel>[1]
const build = (raw: object) => buildModel(parseProject({ network: { use: 'resnet-8', options: { width: 0.25 } }, ...raw }, 'test'), data)
const words = (model: LayersModel) => findEnsembles(model).map(({ name, mix, activation, phases }) => [name, mix, activation, phases])

test('each layer gets the ensemble that the last pattern with its name says', async () => {
  const layers = [
    { match: 'stage1_*', ensemble: 'weighted', activation: 'gelu' },
    { match: '*_block1_act', ensemble: 'none' },
    { match: 'conv1_act', from: 0, to: 2, unit: 'epoch', shape: 'jumps' },
  ]
  expect(words(await build({ pea: { layers } }))).toEqual([
    ['conv1_act', 'stochastic', 'mish', { from: 0, to: 2, unit: 'epoch', shape: 'jumps' }],
    ['stage1_block1_conv1_act', 'weighted', 'gelu', undefined],
    ['stage2_block1_conv1_act', 'stochastic', 'mish', undefined],
    ['stage3_block1_conv1_act', 'stochastic', 'mish', undefined],
  ])
})

test('a pattern without a layer is refused, and names are shown', async () => {
  await expect(build({ pea: { layers: [{ match: 'stem', ensemble: 'none' }] } })).rejects.toMatchObject({
    code: 'pea-matches-nothing',
    found: 'stem',
    expected: expect.stringContaining('conv1_act'),
  })
})

test('baseline and upper limit have no ensembles', async () => {
  expect(words(await build({ pea: { ensemble: 'none' } }))).toEqual([])
  const smooth = await build({ pea: { ensemble: 'smooth', activation: 'swish' } })
  expect(JSON.stringify(smooth.getLayer('conv1_act').getConfig())).toContain('swish')
})

test('a module of plain ReLU layers is turned into its PEA form', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'peapod-')), 'own.mjs')
  const tfl = import.meta.resolve('@tensorflow/tfjs-layers')
  await writeFile(
    path,
    `import { layers, sequential } from ${JSON.stringify(tfl)}
     export default ({ inputShape, classes }) => sequential({ layers: [
       layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu', name: 'conv', inputShape }),
       layers.flatten(),
       layers.dense({ units: 4, name: 'dense' }), layers.reLU({ maxValue: 6, name: 'six' }),
       layers.dense({ units: classes, activation: 'softmax' }) ] })`,
  )
  const model = await build({ network: { use: path }, pea: { activation: 'elu' } })
  expect(findEnsembles(model).map(({ name, base }) => [name, base])).toEqual([
    ['conv_pea', 'relu'],
    ['six', 'relu6'],
  ])
  expect(findEnsembles(await build({ network: { use: path }, pea: { ensemble: 'none' } }))).toEqual([])
})

test('a recipe sets what the project leaves open', async () => {
  const rate = async (options: object) => {
    const raw = { network: { use: 'alexnet-bn', options: { width: 0.02, ...options } }, train: { recipe: 'imagenet' } }
    return (await build(raw)).getLayer('fc6_dropout').getConfig().rate
  }
  expect([await rate({}), await rate({ dropout: 0.1 })]).toEqual([0.5, 0.1])
})
