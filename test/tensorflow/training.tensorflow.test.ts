/** The TensorFlow backend, where @tensorflow/tfjs-node is installed (make backend-tensorflow): the same training as the compiled step. */
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, expect, test } from 'vitest'
import { key, normal } from '../../src/graph/math/random.ts'
import type { Backend, StepOptions } from '../../src/training/backends/define.ts'
import { installedPackage, tensorflow } from '../../src/training/backends/tensorflow/tensorflow.ts'
import { wasm } from '../../src/training/backends/wasm/wasm.ts'
import { buildNetwork } from '../../src/training/networks/build-network.ts'
import { ensembles } from '../../src/training/pea/activations.ts'
import { findEnsembles } from '../../src/training/pea/find-ensembles.ts'

const [size, classes] = [8, 4]
const options: StepOptions = {
  batchSize: size,
  optimiser: { name: 'sgd', momentum: 0.9 },
  labelSmoothing: 0.1,
  decayOf: () => 1e-4,
  seed: 1,
  threads: 1,
}
const labels = Int32Array.from({ length: size }, (_, n) => n % classes)
const images = Float32Array.from({ length: size * 3072 }, (_, i) => normal(key(1, 'test'), i) + labels[Math.floor(i / 3072)]!)

async function losses(backend: Backend): Promise<number[]> {
  const activation = ensembles({ mix: 'stochastic', activation: 'mish', base: 'relu' })
  const model = buildNetwork('mobilenet-v1', { inputShape: [32, 32, 3], classes, activation, seed: 1 })
  for (const ensemble of findEnsembles(model)) ensemble.alpha = 0.3
  const step = await backend.prepare(model, options)
  const found = Array.from({ length: 6 }, (_, i) => step.train({ images, labels, size }, { step: i, rate: 0.02 }).loss)
  step.dispose()
  return found
}

const here = installedPackage()
afterAll(() => {
  if (!here) console.info('TensorFlow for Node is not installed: its backend was not tested')
})

test.skipIf(!here)('batch normalisation is one fused operator of TensorFlow, forward and back', async () => {
  const model = buildNetwork('resnet-8', {
    inputShape: [32, 32, 3],
    classes,
    activation: ensembles({ mix: 'weighted', activation: 'mish', base: 'relu' }),
    seed: 1,
  })
  const step = await tensorflow.prepare(model, options)
  const node = tf.backend() as unknown as { executeMultipleOutputs(name: string, ...rest: unknown[]): unknown }
  const own = node.executeMultipleOutputs
  const ran: string[] = []
  node.executeMultipleOutputs = (name, ...rest) => {
    ran.push(name)
    return own.call(node, name, ...rest)
  }
  try {
    step.train({ images, labels, size }, { step: 0, rate: 0.02 })
  } finally {
    node.executeMultipleOutputs = own
    step.dispose()
  }
  const norms = model.layers.filter((layer) => layer.getClassName() === 'BatchNormalization').length
  expect(ran.filter((name) => name === 'FusedBatchNormV3')).toHaveLength(norms)
  expect(ran.filter((name) => name === 'FusedBatchNormGradV3')).toHaveLength(norms)
})

test.skipIf(!here)('the same first loss as the compiled step, and it learns alike', async () => {
  const [a, b] = [await losses(wasm), await losses(tensorflow)]
  expect(Math.abs(a[0]! - b[0]!)).toBeLessThan(1e-4)
  expect(b.at(-1)!).toBeLessThan(b[0]!)
  expect(Math.abs(a.at(-1)! - b.at(-1)!)).toBeLessThan(0.3)
})

test.skipIf(here)('says how to get it where it is not installed', () => {
  const activation = ensembles({ mix: 'weighted', activation: 'mish', base: 'relu' })
  const model = buildNetwork('mobilenet-v1', { inputShape: [32, 32, 3], classes, activation, seed: 1 })
  expect(tensorflow.refuses(model)).toContain('make backend-tensorflow')
})
