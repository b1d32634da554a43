/** Keras files against the answers of the models that they hold, and what is refused. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import * as tf from '@tensorflow/tfjs-core'
import { input, type LayersModel, layers, model as modelFrom, sequential } from '@tensorflow/tfjs-layers'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importKeras } from '../src/formats/keras/import-keras.ts'
import { parseTopology } from '../src/formats/keras/topology.ts'
import { unzip } from '../src/formats/keras/zip.ts'
import { readBytes } from '../src/formats/read-bytes.ts'
import { readFloat } from '../src/formats/read-float.ts'
import { architecture, h5File, hdf5, keras3, kerasFile, type Saved, savedWeights, v3Folders } from './support/keras-files.ts'
import { apart, executed, images, modelOf, predicted, seeded } from './support/layers-models.ts'
import { runCli } from './support/run-cli.ts'

let folder: string
beforeAll(async () => {
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
  folder = await mkdtemp(join(tmpdir(), 'peapod-'))
})
afterAll(() => rm(folder, { recursive: true }))

const shape = [8, 8, 3]
const path = (name: string) => join(folder, name)
async function readAs(name: string, bytes: Uint8Array) {
  await writeFile(path(name), bytes)
  return readFloat(path(name))
}

/** A residual network with two of each layer that has weights. */
const residual = (): LayersModel =>
  modelOf(shape, (x) => {
    const apply = (at: unknown, ...list: unknown[]) => list.reduce((y, layer) => (layer as layers.Layer).apply(y as never), at)
    const stem = apply(
      x,
      layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', useBias: false, name: 'stem' }),
      layers.batchNormalization({ name: 'bn' }),
      layers.reLU({ maxValue: 6 }),
    )
    const branch = apply(
      stem,
      layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', name: 'dw' }),
      layers.batchNormalization({ scale: false, name: 'bn2' }),
      layers.leakyReLU({ alpha: 0.1 }),
    )
    const sum = layers.add().apply([stem, branch] as never)
    return apply(
      sum,
      layers.conv2d({ filters: 5, kernelSize: [2, 3], strides: [2, 1], activation: 'swish', name: 'conv' }),
      layers.globalAveragePooling2d({}),
      layers.dense({ units: 3, activation: 'softmax', name: 'head' }),
    ) as never
  })

describe('a file computes what its model computes', () => {
  const answers = async (model: LayersModel, name: string, bytes: Uint8Array) => {
    const batch = images(shape, 2)
    expect(apart(executed(await readAs(name, bytes), batch), predicted(model, batch))).toBeLessThan(1e-5)
  }

  test('.h5, plain and gzipped', async () => {
    const model = residual()
    const bytes = await h5File(architecture(model), savedWeights(model))
    await answers(model, 'm.h5', bytes)
    await answers(model, 'm.h5.gz', gzipSync(bytes))
  })

  test.each([
    ['with the layers noted', true, 'layers'],
    ['by class and number', false, 'layers'],
    ['of tf.keras 2.12', false, '_layer_checkpoint_dependencies'],
  ])('.keras, %s', async (_, noted, home) => {
    const model = residual()
    await answers(model, 'm.keras', await kerasFile(keras3(architecture(model)), v3Folders(model, noted, home)))
  })

  test('and is printed by inspect', async () => {
    const model = residual()
    await writeFile(path('seen.keras'), await kerasFile(keras3(architecture(model)), v3Folders(model, true)))
    const { code, out } = await runCli('inspect', path('seen.keras'))
    expect([code, out.split('\n')[0]]).toEqual([0, expect.stringContaining('small (imported): 13 nodes')])
    expect(out).toContain('stem float32[1,8,8,4] = conv-2d(image, stem/kernel:float32[4,3,3,3])')
  })

  test('models inside a model, one of them called twice', async () => {
    const block = sequential({
      name: 'block',
      layers: [
        layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', name: 'conv', inputShape: shape }),
        layers.batchNormalization({ name: 'bn' }),
      ],
    })
    const x = input({ shape, name: 'image' })
    const model = seeded(modelFrom({ inputs: x, outputs: layers.flatten().apply(block.apply(block.apply(x))) as never }), 3)
    // Weights of a nested model are listed under its name, trainable ones first.
    const of = (inner: string) =>
      savedWeights(block as LayersModel)
        .find(({ name }) => name === inner)!
        .weights.map((w) => ({ ...w, name: `${inner}/${w.name.split('/').at(-1)}` }))
    const [conv, bn] = [of('conv'), of('bn')]
    const saved: Saved[] = [{ name: 'block', weights: [...conv, ...bn] }]
    await answers(model, 'nested.h5', await h5File(architecture(model), saved))
    const graph = await readFloat(path('nested.h5'))
    expect(graph.tensors.filter((t) => t.data).map((t) => t.name)).toContain('block/conv/kernel')
  })

  test('a Sequential without input layer', async () => {
    const model = sequential({
      name: 's',
      layers: [
        layers.conv2d({ filters: 2, kernelSize: 3, inputShape: shape, name: 'c' }),
        layers.flatten(),
        layers.dense({ units: 3, name: 'd' }),
      ],
    })
    seeded(model, 4)
    const { config, ...json } = architecture(model)
    const bare = {
      ...json,
      config: {
        name: 's',
        layers: config.layers.filter((l: { class_name: string }) => l.class_name !== 'InputLayer'),
        build_input_shape: [null, ...shape],
      },
    }
    await answers(model, 's.h5', await h5File(bare, savedWeights(model)))
  })

  test('layers of Keras alone', async () => {
    const model = modelOf(shape, (x) => layers.flatten().apply(x) as never)
    const json = architecture(model)
    const added = {
      class_name: 'Rescaling',
      name: 'scale',
      config: { name: 'scale', scale: [1, 2, 4], offset: -1 },
      inbound_nodes: [[['image', 0, 0, {}]]],
    }
    const dropped = {
      class_name: 'SpatialDropout2D',
      name: 'drop',
      config: { name: 'drop', rate: 0.2 },
      inbound_nodes: [[['scale', 0, 0, {}]]],
    }
    json.config.layers.push(added, dropped)
    json.config.output_layers = [['drop', 0, 0]]
    const graph = await readAs('rescaling.h5', await h5File(json, []))
    const batch = images(shape, 1)
    expect(
      apart(
        executed(graph, batch),
        batch.map((v, i) => v * [1, 2, 4][i % 3]! - 1),
      ),
    ).toBeLessThan(1e-6)
  })
})

describe('a broken file is refused', () => {
  const refused = async (name: string, bytes: Uint8Array) => {
    try {
      await readAs(name, bytes)
    } catch (error) {
      return error as Error & { code: string; found: string; expected: string; hint: string }
    }
    throw new Error('it was taken')
  }

  test('one of another type', async () => {
    expect(await refused('text.h5', strToU8('hello'))).toMatchObject({ code: 'not-hdf5', found: 'the first bytes 68656c6c6f' })
    expect((await refused('zip.h5', zipSync({ a: strToU8('b') }))).hint).toContain('.keras')
    expect(await refused('empty.h5', new Uint8Array())).toMatchObject({ code: 'not-hdf5', found: 'an empty file' })
    expect(await refused('text.keras', strToU8('hello'))).toMatchObject({ code: 'not-a-zip' })
    expect(
      await refused('other.h5', await hdf5((file) => void file.create_dataset({ name: 'x', data: new Float32Array(4) }))),
    ).toMatchObject({ code: 'no-architecture' })
  })

  test('one that is cut off or damaged', async () => {
    const model = residual()
    const h5 = await h5File(architecture(model), savedWeights(model))
    expect(await refused('cut.h5', h5.subarray(0, h5.length >> 1))).toMatchObject({
      code: 'truncated-file',
      expected: `${h5.length} bytes`,
    })
    expect(await refused('stub.h5', h5.subarray(0, 20))).toMatchObject({ code: 'truncated-file' })
    expect(await refused('cut.h5.gz', gzipSync(h5).subarray(0, 1000))).toMatchObject({ code: 'truncated-file' })
    // The root group is gone.
    const damaged = Uint8Array.from(h5)
    damaged.fill(0x7f, 48, 800)
    expect((await refused('damaged.h5', damaged)).code).toMatch(/^(unreadable-model|no-architecture)$/)
    const keras = await kerasFile(keras3(architecture(model)), v3Folders(model, true))
    expect(await refused('cut.keras', keras.subarray(0, keras.length - 100))).toMatchObject({ code: 'truncated-file' })
    expect(await refused('half.keras', zipSync({ 'config.json': strToU8('{}') }))).toMatchObject({
      code: 'unreadable-model',
      found: 'no model.weights.h5 in the zip',
    })
  })

  test('one whose weights cannot be unpacked', async () => {
    const config = {
      class_name: 'Sequential',
      config: {
        layers: [
          { class_name: 'InputLayer', config: { name: 'i', batch_shape: [null, 64] } },
          { class_name: 'Dense', config: { name: 'd', units: 32, use_bias: false } },
        ],
      },
    }
    const packed = await hdf5((file) => {
      file.create_attribute('model_config', JSON.stringify(config))
      const group = file.create_group('model_weights').create_group('d')
      group.create_attribute('weight_names', ['kernel:0'])
      group.create_dataset({ name: 'kernel:0', data: images([2048], 1), shape: [64, 32], chunks: [64, 32], compression: 'gzip' })
    })
    expect((await readAs('packed.h5', packed)).tensors.find(({ data }) => data)?.data).toHaveLength(2048)
    const at = packed.findIndex(
      (byte, i) => byte === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(packed[i + 1]!) && ((byte << 8) | packed[i + 1]!) % 31 === 0,
    )
    packed.fill(0xff, at + 2, at + 40)
    expect(await refused('unpacked.h5', packed)).toMatchObject({
      code: 'unreadable-model',
      message: expect.stringContaining('broken HDF5'),
    })
  })

  test('one that is too large, or leads out of itself', async () => {
    await writeFile(path('bomb.gz'), gzipSync(new Uint8Array(1_000_000)))
    await expect(readBytes(path('bomb.gz'), 10_000)).rejects.toMatchObject({ code: 'too-large' })
    await writeFile(path('large'), new Uint8Array(10_001))
    await expect(readBytes(path('large'), 10_000)).rejects.toMatchObject({ code: 'too-large', found: '10001 bytes' })
    const zip = zipSync({ 'config.json': strToU8('{}') }, { level: 0 })
    const directory = new DataView(zip.buffer, zip.byteOffset)
    // The central directory's entry: the size that the file is said to have once unpacked.
    directory.setUint32(directory.getUint32(zip.length - 6, true) + 24, 0x7fffffff, true)
    expect(() => unzip(zip, ['config.json'], 'z')).toThrow(/too large/)
    for (const name of ['../config.json', '/config.json', 'a\\..\\b', 'C:x'])
      expect(await refused('out.keras', zipSync({ [name]: strToU8('{}') }))).toMatchObject({ code: 'unsafe-zip', found: name })
  })

  test('one whose weights are missing, of another shape or not finite', async () => {
    const model = residual()
    const saved = savedWeights(model)
    const change = (name: string, make: (s: Saved) => Saved) =>
      h5File(
        architecture(model),
        saved.map((s) => (s.name === name ? make(s) : s)),
      )
    const none = await change('dw', (s) => ({ ...s, weights: [] }))
    expect(await refused('none.h5', none)).toMatchObject({ code: 'missing-weight', found: 'none', expected: 'depthwise_kernel, bias' })
    const flat = await change('conv', (s) => ({ ...s, weights: s.weights.map((w, i) => (i ? w : { ...w, shape: [3, 2, 4, 5] })) }))
    expect(await refused('shape.h5', flat)).toMatchObject({
      code: 'weight-shape',
      found: '[3,2,4,5]',
      expected: '[2,3,?,5]',
      message: expect.stringContaining('kernel of layer conv (Conv2D)'),
    })
    const nan = await change('head', (s) => ({ ...s, weights: s.weights.map((w) => ({ ...w, data: w.data.map(() => Number.NaN) })) }))
    expect(await refused('nan.h5', nan)).toMatchObject({ code: 'not-finite', message: expect.stringContaining('layer head') })
    const narrow = await change('bn', (s) => ({ ...s, weights: s.weights.map((w) => ({ ...w, shape: [2], data: w.data.subarray(0, 2) })) }))
    expect(await refused('narrow.h5', narrow)).toMatchObject({ code: 'shapes-do-not-fit', message: expect.stringContaining('at bn') })
  })
})

describe('an architecture is refused', () => {
  const of = (edit: (config: Record<string, any>) => void) => {
    const json = architecture(
      modelOf(
        shape,
        (x) => layers.reLU({ name: 'act' }).apply(layers.conv2d({ filters: 2, kernelSize: 1, name: 'conv' }).apply(x as never)) as never,
      ),
    )
    edit(json.config)
    return json
  }
  const layer = (config: Record<string, any>, name: string) => config.layers.find((l: { name: string }) => l.name === name)
  const lambda = { class_name: 'Lambda', config: { name: 'code', function: ['4wEAAAA='] } }
  const cases: readonly (readonly [string, unknown, string, string])[] = [
    ['text that is no JSON', '{"class_name": "Func', 'unreadable-model', 'architecture in'],
    ['nesting without end', `{"class_name":"Sequential","config":${'['.repeat(50_000)}`, 'unreadable-model', 'architecture'],
    ['a model that is code', { class_name: 'MyNet', config: {} }, 'unsupported-layer', 'class MyNet'],
    ['a model without layers', { class_name: 'Functional', config: { layers: [] } }, 'unreadable-model', 'no list of layers'],
    [
      'an unknown layer, with its place',
      of((c) => Object.assign(layer(c, 'act'), { class_name: 'Attention' })),
      'unsupported-layer',
      'layer act (Attention)',
    ],
    ['a Lambda layer', of((c) => Object.assign(layer(c, 'act'), lambda)), 'unsupported-layer', 'Python code'],
    [
      'layers that wait for each other',
      of((c) => Object.assign(layer(c, 'conv'), { inbound_nodes: [[['act', 0, 0, {}]]] })),
      'unreadable-model',
      'waits for itself',
    ],
    [
      'an input that nothing makes',
      of((c) => Object.assign(layer(c, 'conv'), { inbound_nodes: [[['ghost', 0, 0, {}]]] })),
      'unreadable-model',
      'layer ghost',
    ],
    [
      'strides of nothing',
      of((c) => Object.assign(layer(c, 'conv').config, { strides: [0, 1] })),
      'bad-settings',
      'layer conv (Conv2D) has a strides',
    ],
    [
      'an input of no fixed shape',
      of((c) => Object.assign(layer(c, 'image').config, { batch_input_shape: [null, null, 8, 3] })),
      'unknown-shape',
      'input image',
    ],
    [
      'channels first',
      of((c) => Object.assign(layer(c, 'conv').config, { data_format: 'channels_first' })),
      'unsupported-layer',
      'channelsFirst',
    ],
    [
      'a missing setting',
      of((c) => Object.assign(layer(c, 'act'), { class_name: 'MaxPooling2D', config: { padding: 'valid' } })),
      'unreadable-model',
      'layer act (MaxPooling2D)',
    ],
  ]
  const weights = [
    { shape: [1, 1, 3, 2], data: new Float32Array(6) },
    { shape: [2], data: new Float32Array(2) },
  ]

  test.each(cases)('%s', (_, config, code, words) => {
    const text = typeof config === 'string' ? config : JSON.stringify(config)
    expect(() => importKeras(parseTopology(text, 'bad.h5'), () => weights)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(words) }),
    )
  })

  test('calls of calls of calls', () => {
    // Each model calls the one inside it twice: 2 to the power of 15 additions.
    const model = (depth: number): Record<string, any> => ({
      class_name: 'Functional',
      name: `m${depth}`,
      inbound_nodes: depth === 15 ? [] : [[['x', 0, 0, {}]], [[`m${depth}`, 0, 0, {}]]],
      config: {
        name: `m${depth}`,
        layers: [
          { class_name: 'InputLayer', name: 'x', config: { name: 'x', batch_shape: [null, 4] }, inbound_nodes: [] },
          depth
            ? model(depth - 1)
            : { class_name: 'ReLU', name: 'm-1', config: { name: 'm-1' }, inbound_nodes: [[['x', 0, 0, {}]], [['m-1', 0, 0, {}]]] },
        ],
        input_layers: [['x', 0, 0]],
        output_layers: [[`m${depth - 1}`, 1, 0]],
      },
    })
    expect(parseTopology(JSON.stringify(model(3)), 'm').inner.layers).toHaveLength(2)
    const deep = parseTopology(JSON.stringify(model(15)), 'm')
    expect(() => importKeras(deep, () => [])).toThrow(expect.objectContaining({ code: 'unreadable-model' }))
  })
})

const shared = fileURLToPath(new URL('../../shared/models/', import.meta.url))
test.skipIf(!existsSync(shared))('real files of Keras 2.4 and 3.15, shared beside the checkout', async () => {
  const [h5, v3] = await Promise.all([readFloat(`${shared}gtsrb/mobilenet.h5.gz`), readFloat(`${shared}gtsrb/mobilenet.keras.gz`)])
  expect(v3).toEqual(h5)
  const parameters = h5.tensors.reduce((sum, t) => sum + (t.dtype === 'float32' ? (t.data?.length ?? 0) : 0), 0)
  expect(parameters).toBe(229_595)
  const resnet = await readFloat(`${shared}pretrainedResnet.h5`)
  expect([resnet.nodes.length, resnet.tensors[resnet.outputs[0]!]!.shape]).toEqual([30, [1, 10]])
})
