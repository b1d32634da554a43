/** A training that begins with the weights of another: from each kind of file, by name and by order, and what is refused. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prepareExecutor } from '../src/execute/execute.ts'
import { readFloat, readLayerWeights } from '../src/formats/read-float.ts'
import { importLayers } from '../src/formats/tfjs-layers/import-layers.ts'
import { beginWith } from '../src/training/fit/begin-with.ts'
import { encodeCheckpoint } from '../src/training/fit/checkpoint.ts'
import { checkpointWeights } from '../src/training/fit/checkpoint-weights.ts'
import { freshDraft, toCheckpoint } from '../src/training/fit/state.ts'
import { readWeights } from '../src/training/fit/weights.ts'
import { buildNetwork } from '../src/training/networks/build-network.ts'
import { drawWeights } from '../src/training/networks/draw-weights.ts'
import { ensembles, plain } from '../src/training/pea/activations.ts'
import { architecture, h5File, keras3, kerasFile, savedWeights, v3Folders } from './support/keras-files.ts'

let folder: string
beforeAll(async () => {
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
  folder = await mkdtemp(join(tmpdir(), 'peapod-begin-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** `named` or as tfjs counts layers. */
function network({ classes = 3, seed = 1, named = true, filters = 4 } = {}) {
  const name = (text: string) => (named ? { name: text } : {})
  const model = tfl.sequential({
    layers: [
      tfl.layers.conv2d({ inputShape: [6, 6, 3], filters, kernelSize: 3, kernelInitializer: 'zeros', ...name('first') }),
      tfl.layers.batchNormalization({ ...name('norm') }),
      tfl.layers.reLU({ ...name('act') }),
      tfl.layers.depthwiseConv2d({ kernelSize: 3, depthwiseInitializer: 'zeros', useBias: false, ...name('depth') }),
      tfl.layers.flatten(),
      tfl.layers.dense({ units: classes, kernelInitializer: 'zeros', ...name('head') }),
    ],
  })
  drawWeights(model, seed)
  return model
}
const values = (model: tfl.LayersModel) => model.getWeights().map((w) => [...w.dataSync()])
const bodyOf = (model: tfl.LayersModel) => model.layers.slice(0, 4).map((layer) => layer.getWeights().map((w) => [...w.dataSync()]))

async function saveTfjs(model: tfl.LayersModel, path: string): Promise<string> {
  await model.save({
    save: async ({ modelTopology, weightSpecs, weightData }) => {
      const weightsManifest = [{ paths: ['w.bin'], weights: weightSpecs }]
      await writeFile(join(path, 'model.json'), JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest }))
      await writeFile(join(path, 'w.bin'), Buffer.from(weightData as ArrayBuffer))
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    },
  })
  return join(path, 'model.json')
}

describe('files', () => {
  const kinds: Readonly<Record<string, (model: tfl.Sequential) => Promise<string>>> = {
    'a tfjs layers model': (model) => saveTfjs(model, folder),
    'Keras .h5': async (model) => {
      await writeFile(join(folder, 'm.h5'), await h5File(architecture(model), savedWeights(model)))
      return join(folder, 'm.h5')
    },
    'Keras .keras': async (model) => {
      const file = await kerasFile(keras3(architecture(model)), v3Folders(model, true))
      await writeFile(join(folder, 'm.keras'), file)
      return join(folder, 'm.keras')
    },
  }

  test.each(Object.entries(kinds))('%s: every layer by its name', async (_, save) => {
    const [given, model] = [network({ seed: 7 }), network()]
    const begun = beginWith(model, await readLayerWeights(await save(given)), 'file')
    expect(begun).toEqual({ by: 'name', taken: ['first', 'norm', 'depth', 'head'], drawn: [], unused: [] })
    expect(values(model)).toEqual(values(given))
  })

  test('a checkpoint of ours: the weights of a training that ended, or the best of one that goes on', () => {
    const [given, best, model] = [network({ seed: 7 }), network({ seed: 8 }), network()]
    beginWith(model, checkpointWeights(encodeCheckpoint({ json: {}, arrays: readWeights(given) })), 'file')
    expect(values(model)).toEqual(values(given))
    const state = { ...freshDraft(), digest: '', weights: readWeights(given), momentum: readWeights(best) }
    beginWith(model, checkpointWeights(encodeCheckpoint(toCheckpoint(state))), 'file')
    expect(values(model)).toEqual(values(given))
    beginWith(model, checkpointWeights(encodeCheckpoint(toCheckpoint({ ...state, bestWeights: readWeights(best) }))), 'file')
    expect(values(model)).toEqual(values(best))
  })
})

describe('layers that do not match', () => {
  test('other classes: the head is drawn and listed with both shapes, the rest is taken', async () => {
    const [given, model] = [network({ seed: 7, classes: 5 }), network()]
    const head = values(model).at(-2)
    const begun = beginWith(model, await readLayerWeights(await saveTfjs(given, folder)), 'file')
    const why = 'kernel [16,3], bias [3] here, kernel [16,5], bias [5] in the file'
    expect(begun).toEqual({ by: 'name', taken: ['first', 'norm', 'depth'], drawn: [{ layer: 'head', why }], unused: ['head'] })
    expect(bodyOf(model)).toEqual(bodyOf(given))
    expect(values(model)).toContainEqual(head)
  })

  test('layers without names are those of the same place, whatever tfjs counted before', async () => {
    const [given, model] = [network({ seed: 7, named: false }), network({ named: false })]
    expect(given.layers[0]!.name).not.toBe(model.layers[0]!.name)
    expect(beginWith(model, await readLayerWeights(await saveTfjs(given, folder)), 'file')).toMatchObject({ by: 'name', drawn: [] })
    expect(values(model)).toEqual(values(given))
  })

  test('where no name is shared the order counts, if all but the head agree', async () => {
    const path = await saveTfjs(network({ seed: 7, named: false, classes: 5 }), folder)
    const model = network()
    expect(beginWith(model, await readLayerWeights(path), 'file')).toMatchObject({
      ...{ by: 'order', taken: ['first', 'norm', 'depth'], drawn: [{ layer: 'head' }] },
    })
  })

  test('another network is refused, and nothing is written', async () => {
    const model = network()
    const before = values(model)
    const wider = await readLayerWeights(await saveTfjs(network({ filters: 5, named: false }), folder))
    expect(() => beginWith(model, wider, 'wide.h5')).toThrow(
      expect.objectContaining({
        code: 'init-matches-nothing',
        message: expect.stringContaining('wide.h5'),
        found: expect.stringContaining('kernel [3,3,3,5]'),
        expected: expect.stringContaining('first: kernel [3,3,3,4]'),
      }),
    )
    expect(() => beginWith(model, [], 'empty')).toThrow(expect.objectContaining({ code: 'init-matches-nothing' }))
    expect(values(model)).toEqual(before)
  })
})

const published = fileURLToPath(new URL('../../shared/models/pretrainedResnet.h5', import.meta.url))
test.skipIf(!existsSync(published))(
  "MLPerf Tiny's ResNet-8 becomes ours, ensembles and all, and answers as before (skipped without ../shared/models)",
  async () => {
    const given = await readLayerWeights(published)
    const at = { inputShape: [32, 32, 3] as const, classes: 10, seed: 0 }
    const fading = buildNetwork('resnet-8', { ...at, activation: ensembles({ mix: 'stochastic', activation: 'mish', base: 'relu' }) })
    expect(beginWith(fading, given, published)).toMatchObject({ by: 'order', drawn: [], unused: [] })
    const model = buildNetwork('resnet-8', { ...at, activation: plain('relu') })
    beginWith(model, given, published)
    expect(readWeights(fading)).toEqual(readWeights(model))
    const image = Float32Array.from({ length: 3072 }, (_, i) => (i * 37) % 256)
    const [ours, theirs] = [importLayers(model), await readFloat(published)].map((graph) =>
      Array.from(prepareExecutor(graph).run([image])[0]!, Number),
    )
    expect(Math.max(...theirs!)).toBeGreaterThan(0.2)
    for (const [i, p] of theirs!.entries()) expect(ours![i]).toBeCloseTo(p, 5)
  },
)
