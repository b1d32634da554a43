/** Imported layers against tfjs's own answers, and what is refused. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { input, layers, model as modelFrom, sequential } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, test } from 'vitest'
import { UserError } from '../src/errors.ts'
import { Growth } from '../src/formats/grow.ts'
import { importers, importLayers } from '../src/formats/tfjs-layers/import-layers.ts'
import { readLayersModel } from '../src/formats/tfjs-layers/read.ts'
import { printGraph } from '../src/graph/ir/print.ts'
import { Ensemble } from '../src/training/pea/ensemble.ts'
import { apart, type Chain, chain, executed, images, modelOf, predicted, seeded } from './support/layers-models.ts'

beforeAll(async () => {
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
})

/** Applies layers one after the other. */
const two =
  (merge: layers.Layer): Chain =>
  (x) => {
    const [a, b] = [
      layers.conv2d({ filters: 4, kernelSize: 1 }).apply(x as never),
      layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same' }).apply(x as never),
    ]
    return merge.apply([a, b] as never) as never
  }

const shape = [7, 6, 4]
const windows = [
  { padding: 'same', strides: 1 },
  { padding: 'same', strides: 2 },
  { padding: 'valid', strides: [2, 1] },
  { padding: 'same', strides: 3, useBias: false },
  { padding: 'valid', strides: 1, activation: 'relu6' },
] as const

/** By the layer class that each case shows; every class of the registry must be here. */
const cases: readonly (readonly [className: string, make: Chain, input?: readonly number[]])[] = [
  ...windows.map((w) => ['Conv2D', chain(layers.conv2d({ filters: 5, kernelSize: [3, 2], ...(w as object) }))] as const),
  ['Conv2D', chain(layers.conv2d({ filters: 3, kernelSize: 3, dilationRate: 2, padding: 'same' }))],
  ...windows.map((w) => ['DepthwiseConv2D', chain(layers.depthwiseConv2d({ kernelSize: [3, 3], ...(w as object) }))] as const),
  ['DepthwiseConv2D', chain(layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: 'same' }))],
  [
    'SeparableConv2D',
    chain(layers.separableConv2d({ filters: 6, kernelSize: 3, depthMultiplier: 2, strides: 2, padding: 'same', activation: 'relu' })),
  ],
  ['Dense', chain(layers.dense({ units: 5, activation: 'sigmoid' })), [9]],
  ['Dense', chain(layers.dense({ units: 3, useBias: false })), [4, 9]],
  ['BatchNormalization', chain(layers.batchNormalization({ epsilon: 0.01 }))],
  ['BatchNormalization', chain(layers.batchNormalization({ scale: false, center: false })), [8]],
  ...['relu', 'relu6', 'softmax', 'sigmoid', 'tanh', 'elu', 'gelu', 'gelu_new', 'swish', 'mish', 'linear'].map(
    (activation) => ['Activation', chain(layers.activation({ activation: activation as never }), layers.flatten())] as const,
  ),
  ['ReLU', chain(layers.reLU())],
  ['ReLU', chain(layers.reLU({ maxValue: 6 }))],
  ['LeakyReLU', chain(layers.leakyReLU({ alpha: 0.1 }))],
  ['ELU', chain(layers.elu())],
  ['PReLU', chain(layers.prelu())],
  ['PReLU', chain(layers.prelu({ sharedAxes: [1, 2] }))],
  ['UpSampling2D', chain(layers.upSampling2d({ size: [2, 3] }))],
  ['UpSampling2D', chain(layers.upSampling2d({ interpolation: 'bilinear' }))],
  ['Conv2DTranspose', chain(layers.conv2dTranspose({ filters: 5, kernelSize: 3, strides: 2, padding: 'same' }))],
  ['Conv2DTranspose', chain(layers.conv2dTranspose({ filters: 3, kernelSize: [4, 2], strides: [3, 1], activation: 'relu' }))],
  ['Conv2DTranspose', chain(layers.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 3, useBias: false }))],
  ['Softmax', chain(layers.softmax({ axis: -1 }))],
  ['Ensemble', chain(new Ensemble({ mix: 'stochastic', activation: 'mish', base: 'relu6', alpha: 0.3 }))],
  ['Ensemble', chain(new Ensemble({ mix: 'weighted', activation: 'swish', base: 'relu', alpha: 0.5, beta: 1.7 }))],
  ['Add', two(layers.add())],
  ['Add', (x) => layers.add().apply([x, x, chain(layers.reLU())(x)] as never) as never],
  ['Multiply', two(layers.multiply())],
  ['Maximum', two(layers.maximum())],
  ['Minimum', two(layers.minimum())],
  ['Concatenate', two(layers.concatenate())],
  ['Concatenate', two(layers.concatenate({ axis: 1 }))],
  [
    'ZeroPadding2D',
    chain(
      layers.zeroPadding2d({
        padding: [
          [0, 1],
          [2, 1],
        ],
      }),
    ),
  ],
  ['ZeroPadding2D', chain(layers.zeroPadding2d({ padding: [1, 2] }))],
  ['MaxPooling2D', chain(layers.maxPooling2d({ poolSize: 2 }))],
  ['MaxPooling2D', chain(layers.maxPooling2d({ poolSize: [3, 2], strides: 2, padding: 'same' }))],
  ['AveragePooling2D', chain(layers.averagePooling2d({ poolSize: [3, 2], strides: [2, 1], padding: 'same' }))],
  ['GlobalAveragePooling2D', chain(layers.globalAveragePooling2d({}))],
  ['GlobalMaxPooling2D', chain(layers.globalMaxPooling2d({}))],
  ['Flatten', chain(layers.flatten())],
  ['Reshape', chain(layers.reshape({ targetShape: [6, null as never, 2] }))],
  ['Dropout', chain(layers.dropout({ rate: 0.5 }), layers.reLU())],
  ['AlphaDropout', chain(layers.alphaDropout({ rate: 0.5 }), layers.reLU())],
  ['GaussianDropout', chain(layers.gaussianDropout({ rate: 0.5 }), layers.reLU())],
  ['GaussianNoise', chain(layers.gaussianNoise({ stddev: 0.5 }), layers.reLU())],
]

describe('a layer computes what tfjs computes', () => {
  test.each(cases.map(([className, make, input], i) => ({ className, make, input: input ?? shape, i })))(
    '$className ($i)',
    ({ make, input }) => {
      const model = modelOf(input, make)
      const batch = images(input, 2)
      expect(apart(executed(importLayers(model), batch), predicted(model, batch))).toBeLessThan(1e-5)
    },
  )

  test('every class of the registry has a case', () => {
    const shown = new Set(cases.map(([className]) => className))
    expect([...importers.keys()].filter((className) => !shown.has(className))).toEqual([])
  })
})

describe('a model', () => {
  test('keeps names of layers, and of the models inside it', () => {
    const inner = sequential({
      name: 'block',
      layers: [layers.conv2d({ filters: 3, kernelSize: 3, name: 'conv', inputShape: shape }), layers.reLU({ name: 'act' })],
    })
    const x = input({ shape, name: 'image' })
    const model = seeded(modelFrom({ inputs: x, outputs: layers.flatten({ name: 'flat' }).apply(inner.apply(x)) as never }), 3)
    const graph = importLayers(model, { name: 'nest', metadata: { made: 'here' } })
    expect(graph.nodes.map((n) => graph.tensors[n.outputs[0]!]!.name)).toEqual(['block/conv', 'block/act', 'flat'])
    expect(graph.tensors.filter((t) => t.data).map((t) => t.name)).toEqual(['block/conv/bias', 'block/conv/kernel', 'flat/shape'])
    expect([graph.name, graph.metadata]).toEqual(['nest', { made: 'here' }])
    expect(printGraph(graph)).toContain(
      '     0 block/conv float32[1,5,4,3] = conv-2d(image, block/conv/kernel:float32[3,3,3,4], block/conv/bias:float32[3]) padding=valid strideW=1 strideH=1 fusedActivation=none dilationW=1 dilationH=1',
    )
    const batch = images(shape, 2)
    expect(apart(executed(graph, batch), predicted(model, batch))).toBeLessThan(1e-5)
  })

  test('that uses a layer twice shares its weights', () => {
    const conv = layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', name: 'conv' })
    const model = modelOf(shape, chain(conv, layers.reLU(), conv))
    const graph = importLayers(model)
    expect(graph.tensors.filter((t) => t.data)).toHaveLength(2)
    const batch = images(shape, 1)
    expect(apart(executed(graph, batch), predicted(model, batch))).toBeLessThan(1e-5)
  })

  test('saved by tfjs reads back the same', async () => {
    const model = modelOf(
      shape,
      chain(layers.conv2d({ filters: 4, kernelSize: 3 }), layers.batchNormalization(), layers.flatten(), layers.dense({ units: 3 })),
    )
    const folder = await mkdtemp(join(tmpdir(), 'peapod-'))
    try {
      await model.save({
        save: async ({ modelTopology, weightSpecs, weightData }) => {
          const manifest = { format: 'layers-model', modelTopology, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] }
          await writeFile(join(folder, 'model.json'), JSON.stringify(manifest))
          await writeFile(join(folder, 'weights.bin'), Buffer.from(weightData as ArrayBuffer))
          return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
        },
      })
      const graph = importLayers(await readLayersModel(join(folder, 'model.json')))
      expect(graph.tensors.map((t) => t.data)).toEqual(importLayers(model).tensors.map((t) => t.data))
      await writeFile(join(folder, 'graph.json'), JSON.stringify({ format: 'graph-model', modelTopology: {} }))
      await expect(readLayersModel(join(folder, 'graph.json'))).rejects.toMatchObject({ code: 'not-a-layers-model', found: 'graph-model' })
      await expect(readLayersModel(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'unreadable-model' })
      await writeFile(join(folder, 'weights.bin'), Buffer.alloc(12))
      await expect(readLayersModel(join(folder, 'model.json'))).rejects.toMatchObject({ code: 'unreadable-model' })
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('refused, with the layer named', () => {
  const refused = (make: Chain, input: readonly number[] = shape): UserError => {
    try {
      importLayers(modelOf(input, make))
    } catch (error) {
      if (error instanceof UserError) return error
      throw error
    }
    throw new Error('it was taken')
  }
  test.each([
    ['an unknown class', chain(layers.permute({ dims: [2, 1, 3], name: 'turn' })), 'unsupported-layer', 'layer turn (Permute)'],
    ['a ReLU clipped at 4', chain(layers.reLU({ maxValue: 4, name: 'clip' })), 'unsupported-layer', 'layer clip (ReLU)'],
    ['an activation without operator', chain(layers.activation({ activation: 'softsign', name: 'soft' })), 'unsupported-layer', 'softsign'],
    [
      'channels first',
      chain(layers.maxPooling2d({ poolSize: 2, dataFormat: 'channelsFirst', name: 'pool' })),
      'unsupported-layer',
      'layer pool',
    ],
    ['a softmax along the rows', chain(layers.softmax({ axis: 1, name: 'rows' })), 'unsupported-layer', 'layer rows'],
  ])('%s', (_, make, code, words) => {
    const error = refused(make)
    expect(error.code).toBe(code)
    expect(error.message).toContain(words)
    expect(error.hint).toBeTruthy()
  })

  test.each([
    ['dilationRate', { dilationRate: 2 }],
    ['outputPadding', { outputPadding: 1 }],
  ])('a Conv2DTranspose with %s, which Keras has and tfjs leaves out', (_, more) => {
    const config = { filters: 2, kernelSize: 3, padding: 'same', strides: 1, ...more }
    const layer = { className: 'Conv2DTranspose', name: 'up', config, weight: () => undefined }
    expect(() => importers.get('Conv2DTranspose')!.add(layer, [0], new Growth())).toThrow(
      expect.objectContaining({ code: 'unsupported-layer', message: expect.stringContaining('layer up') }),
    )
  })

  test('an input without fixed size', () => {
    const error = refused(chain(layers.conv2d({ filters: 2, kernelSize: 1 })), [null as never, null as never, 3])
    expect([error.code, error.found]).toEqual(['unknown-shape', '[?, ?, ?, 3]'])
  })

  test('weights that are not finite', () => {
    const model = modelOf([4], chain(layers.dense({ units: 2, name: 'last' })))
    model.setWeights([tf.fill([4, 2], Number.NaN), tf.zeros([2])])
    expect(() => importLayers(model)).toThrow(/weight kernel of layer last/)
  })
})
