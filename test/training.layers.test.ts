/** Every kind of layer that the compiled step knows, against tfjs layer by layer: loss, gradients, weights, statistics, logits. */
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import '../src/training/tensors.ts'
import { key, normal } from '../src/graph/math/random.ts'
import type { Backend, Batch, StepOptions } from '../src/training/backends/define.ts'
import { eager } from '../src/training/backends/eager/eager.ts'
import { rooms } from '../src/training/backends/wasm/layers/index.ts'
import { wasm } from '../src/training/backends/wasm/wasm.ts'
import { weightsByName } from '../src/training/backends/weight-names.ts'
import { Ensemble } from '../src/training/pea/ensemble.ts'

const L = tfl.layers
type X = tfl.SymbolicTensor
const on = (layer: tfl.layers.Layer, ...x: X[]): X => layer.apply(x.length === 1 ? x[0]! : x) as X

/** What stands between a convolution and the end, on an image of 8 x 10 x 6. */
const middles: Record<string, (x: X) => X> = {
  'Conv2D 1 x 3 and 3 x 1, dilated': (x) =>
    on(
      L.conv2d({ filters: 5, kernelSize: [3, 1], dilationRate: [2, 1], padding: 'same' }),
      on(L.conv2d({ filters: 7, kernelSize: [1, 3], dilationRate: [1, 4], padding: 'same', activation: 'relu' }), x),
    ),
  'Conv2D 5 x 5 stride 2': (x) => on(L.conv2d({ filters: 7, kernelSize: 5, strides: 2, padding: 'same' }), x),
  'Conv2D 7 x 7': (x) => on(L.conv2d({ filters: 3, kernelSize: 7, padding: 'same', activation: 'mish' }), x),
  'Conv2D 11 x 11 stride 4': (x) => on(L.conv2d({ filters: 3, kernelSize: 11, strides: 4, padding: 'same' }), x),
  'Conv2D 1 x 1 stride 2': (x) => on(L.conv2d({ filters: 9, kernelSize: 1, strides: 2 }), x),
  'Conv2DTranspose 3 x 3 stride 2, same': (x) =>
    on(L.conv2dTranspose({ filters: 5, kernelSize: 3, strides: 2, padding: 'same', activation: 'gelu' as any }), x),
  'Conv2DTranspose 2 x 2 stride 2': (x) => on(L.conv2dTranspose({ filters: 4, kernelSize: 2, strides: 2 }), x),
  'Conv2DTranspose 4 x 3 stride 3 x 1, without a bias': (x) =>
    on(L.conv2dTranspose({ filters: 3, kernelSize: [4, 3], strides: [3, 1], useBias: false }), x),
  'UpSampling2D nearest': (x) => on(L.upSampling2d({ size: [2, 3] }), x),
  'UpSampling2D bilinear': (x) => on(L.upSampling2d({ size: [2, 3], interpolation: 'bilinear' }), x),
  'DepthwiseConv2D dilated': (x) => on(L.depthwiseConv2d({ kernelSize: 3, dilationRate: 2, padding: 'same' }), x),
  'DepthwiseConv2D stride 2 with a multiplier': (x) =>
    on(L.depthwiseConv2d({ kernelSize: 3, strides: 2, depthMultiplier: 2, padding: 'same' }), x),
  SeparableConv2D: (x) => on(L.separableConv2d({ filters: 5, kernelSize: 3, depthMultiplier: 2, activation: 'elu' }), x),
  'an ERFNet downsampler: Concatenate, BatchNormalization, Ensemble': (x) => {
    const both = [
      on(L.conv2d({ filters: 5, kernelSize: 3, strides: 2, padding: 'same', useBias: false }), x),
      on(L.maxPooling2d({ poolSize: 2, strides: 2 }), x),
    ]
    const normed = on(L.batchNormalization({ momentum: 0.9 }), on(L.concatenate(), ...both))
    return on(new Ensemble({ mix: 'stochastic', activation: 'swish', base: 'relu', alpha: 0.4, beta: 1.2 }), normed)
  },
  'ZeroPadding2D and AveragePooling2D': (x) =>
    on(
      L.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
      on(L.zeroPadding2d({ padding: [[1, 2], [0, 3]] }), x), // biome-ignore format: a table
    ),
  'Dropout of elements': (x) => on(L.dropout({ rate: 0.4 }), x),
  'Dropout of channels': (x) => on(L.dropout({ rate: 0.4, noiseShape: [null, 1, 1, 6] as any }), x),
  'Add of three, one of them twice': (x) => on(L.add(), x, on(L.reLU(), x), on(L.conv2d({ filters: 6, kernelSize: 1 }), x)),
  'ReLU6, ELU and plain activations': (x) => on(L.activation({ activation: 'swish' as any }), on(L.elu(), on(L.reLU({ maxValue: 6 }), x))),
  'a frozen layer between learning ones': (x) => on(L.conv2d({ filters: 4, kernelSize: 3, trainable: false, activation: 'relu' }), x),
}

const ends: Record<string, (x: X) => X> = {
  'GlobalMaxPooling2D and Dense with a softmax': (x) => on(L.dense({ units: 3, activation: 'softmax' }), on(L.globalMaxPooling2d({}), x)),
  'GlobalAveragePooling2D, Reshape, Flatten and Softmax': (x) => {
    const flat = on(L.flatten(), on(L.reshape({ targetShape: [1, x.shape[3]!] }), on(L.globalAveragePooling2d({}), x)))
    return on(L.softmax({ axis: -1 }), on(L.dense({ units: 4 }), flat))
  },
  'Conv2D with a softmax: every pixel': (x) => on(L.conv2d({ filters: 3, kernelSize: 1, activation: 'softmax' }), x),
  'Conv2DTranspose and Softmax: every pixel': (x) =>
    on(L.softmax({ axis: -1 }), on(L.conv2dTranspose({ filters: 3, kernelSize: 2, strides: 2 }), x)),
}

const size = 3
const draws = (n: number, stream: number) => Float32Array.from({ length: n }, (_, i) => normal(key(3, 'test', stream), i))
const options: StepOptions = {
  batchSize: size,
  optimiser: { name: 'sgd', momentum: 0.9 },
  labelSmoothing: 0.1,
  decayOf: (name) => (name.endsWith('kernel') ? 1e-2 : 0),
  seed: 11,
  threads: 2,
}

function make(middle: (x: X) => X, end: (x: X) => X): tfl.LayersModel {
  const input = tfl.input({ shape: [8, 10, 3] })
  const x = on(L.conv2d({ filters: 6, kernelSize: 3, padding: 'same' }), input)
  const model = tfl.model({ inputs: input, outputs: end(middle(x)) })
  for (const [stream, [name, weight]] of [...weightsByName(model)].entries()) {
    const values = draws(tf.util.sizeFromShape(weight.shape as number[]), stream).map((v) =>
      /variance|gamma/.test(name) ? 1 + 0.1 * v : 0.2 * v,
    )
    weight.write(tf.tensor(values, weight.shape as number[]))
  }
  return model
}

const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let [difference, length] = [0, 0]
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2
    length += b[i]! ** 2
  }
  return Math.sqrt(difference / (length || 1))
}

async function run(backend: Backend, model: tfl.LayersModel) {
  const shape = model.outputs[0]!.shape.slice(1) as number[]
  const classes = shape.at(-1)!
  const rows = tf.util.sizeFromShape(shape) / classes
  // Of pixels every fifth is ignored.
  const labels = Int32Array.from({ length: size * rows }, (_, i) => (rows > 1 && i % 5 === 0 ? -1 : (i * 7) % classes))
  const batch: Batch = { images: draws(size * 240, 99), labels, size }
  const start = [...weightsByName(model).values()].map((w) => w.read().clone())
  const step = await backend.prepare(model, options)
  const { loss, correct, counted } = step.train(batch, { step: 4, rate: 0.1 })
  const gradients = new Map([...step.optimiserState()].map(([name, v]) => [name, v.slice()]))
  step.store()
  const weights = new Map([...weightsByName(model)].map(([name, w]) => [name, w.read().dataSync().slice()]))
  const logits = step.predict(batch.images, size)
  step.dispose()
  for (const [i, w] of [...weightsByName(model).values()].entries()) w.write(start[i]!)
  return { loss, correct, counted, gradients, weights, logits }
}

const cases = [
  ...Object.entries(middles).map(([name, middle], i) => [name, middle, Object.values(ends)[1 + (i % 3)]!] as const),
  ...Object.entries(ends).map(([name, end]) => [name, (x: X) => x, end] as const),
]
const seen = new Set<string>()
test.each(cases)('%s', async (_, middle, end) => {
  const model = make(middle, end)
  for (const layer of model.layers) seen.add(layer.getClassName())
  expect(wasm.refuses(model)).toBeUndefined()
  const [a, b] = [await run(eager, model), await run(wasm, model)]
  expect(Math.abs(a.loss - b.loss)).toBeLessThan(1e-5)
  expect([b.correct, b.counted]).toEqual([a.correct, a.counted])
  expect([...b.gradients.keys()].sort()).toEqual([...a.gradients.keys()].sort())
  for (const [name, gradient] of a.gradients) expect(apart(b.gradients.get(name)!, gradient), `gradient of ${name}`).toBeLessThan(1e-4)
  for (const [name, values] of a.weights) expect(apart(b.weights.get(name)!, values), name).toBeLessThan(1e-5)
  expect(apart(b.logits, a.logits)).toBeLessThan(1e-5)
})

test('every layer that the compiled step knows was there', () => {
  expect(rooms.flatMap(({ classNames }) => classNames).filter((name) => !seen.has(name))).toEqual([])
})
