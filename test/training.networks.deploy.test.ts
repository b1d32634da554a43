/** Every network of the registry through every stage of a deploy, with seeded weights: import, strip, fold, quantise, write, read, execute. */
import '@tensorflow/tfjs-backend-cpu'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { prepareExecutor } from '../src/execute/execute.ts'
import { readFloat } from '../src/formats/read-float.ts'
import { importLayers } from '../src/formats/tfjs-layers/import-layers.ts'
import { readTflite } from '../src/formats/tflite/read.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import type { Graph } from '../src/graph/ir/graph.ts'
import { foldGraph } from '../src/graph/passes/fold-graph.ts'
import { stripGraph } from '../src/graph/passes/strip-graph.ts'
import { calibrate } from '../src/quantise/calibrate.ts'
import { quantiseGraph } from '../src/quantise/quantise.ts'
import { networks } from '../src/training/networks/build-network.ts'
import { ensembles, plain } from '../src/training/pea/activations.ts'
import { findEnsembles } from '../src/training/pea/find-ensembles.ts'
import { apart, executed, images, predicted, seeded } from './support/layers-models.ts'

beforeAll(async () => {
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
})

/** Operators of a network once ensembles and normalisation are gone: nothing stands alone that another operator could have fused. */
const convolutional = ['conv-2d', 'depthwise-conv-2d', 'fully-connected', 'average-pool-2d', 'softmax', 'max-pool-2d', 'reshape']
const expected: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(['resnet-8', 'resnet-18', 'resnet-20', 'resnet-50', 'mobilenet-v2'].map((name) => [name, ['add']])),
  'erfnet-classifier': ['add', 'concatenation'],
  erfnet: ['add', 'concatenation', 'transpose-conv'],
}
const narrow: Readonly<Record<string, number>> = { 'alexnet-bn': 0.02, 'resnet-18': 0.125, 'resnet-50': 0.0625, 'mobilenet-v2': 0.1 }

const classes = 4
/** Of what two answers say beyond an even chance for each class. */
const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let [both, one, other] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const [p, q] = [a[i]! - 1 / classes, b[i]! - 1 / classes]
    both += p * q
    one += p ** 2
    other += q ** 2
  }
  return both / Math.sqrt(one * other)
}
/** Real values of an int8 graph's output, one less than its softmax. */
function real(graph: Graph, image: Float32Array): number[] {
  const { scale, zero } = graph.tensors[graph.inputs[0]!]!.quant!
  const quantised = Int8Array.from(image, (v) => Math.max(-128, Math.min(127, Math.round(v / scale[0]!) + zero[0]!)))
  const { quant } = graph.tensors[graph.outputs[0]!]!
  return Array.from(prepareExecutor(graph).run([quantised])[0] as Int8Array, (q) => (Number(q) - quant!.zero[0]!) * quant!.scale[0]!)
}

describe.each([...networks.values()])('$name', ({ name, settings, build }) => {
  const size = 16
  const count = 2
  test('strips, folds, quantises, and answers in int8 as in float', () => {
    const width = 'width' in settings ? { width: narrow[name] ?? 0.25 } : {}
    const activation = ensembles({ mix: 'stochastic', activation: 'mish', base: 'relu' })
    const model = seeded(build({ inputShape: [size, size, 3], classes, activation, seed: 0 }, { ...settings, ...width }), 5)
    for (const ensemble of findEnsembles(model)) ensemble.alpha = 1
    const batch = images([size, size, 3], count)
    const each = [0, 1].map((n) => batch.subarray((n * batch.length) / count, ((n + 1) * batch.length) / count))
    const stripped = stripGraph(importLayers(model))
    const folded = foldGraph(stripped)
    const bytes = writeTflite(quantiseGraph(folded, calibrate(folded, each)))
    const answers = predicted(model, batch)
    expect(apart(executed(stripped, batch), answers)).toBeLessThan(1e-4)
    expect(apart(executed(folded, batch), answers)).toBeLessThan(1e-4)
    const allowed = [...convolutional, ...(expected[name] ?? [])]
    expect(folded.nodes.map(({ op }) => op).filter((op) => !allowed.includes(op))).toEqual([])
    const int8 = readTflite(bytes)
    const per = answers.length / count
    for (const [n, image] of each.entries())
      expect(cosine(real(int8, image), answers.subarray(n * per, (n + 1) * per))).toBeGreaterThan(0.97)
  })
})

const published = fileURLToPath(new URL('../../shared/models/pretrainedResnet.h5', import.meta.url))
test.skipIf(!existsSync(published))(
  "resnet-8 has the weights of MLPerf Tiny's trained model, shape by shape (pretrainedResnet.h5)",
  async () => {
    const weights = ({ tensors }: Graph) =>
      tensors.flatMap(({ data, dtype, shape }) => (data && dtype === 'float32' ? [`${shape}`] : [])).sort()
    const { settings, build } = networks.get('resnet-8')!
    const ours = build({ inputShape: [32, 32, 3], classes: 10, activation: plain('relu'), seed: 0 }, settings)
    expect(weights(importLayers(ours))).toEqual(weights(await readFloat(published)))
  },
)
