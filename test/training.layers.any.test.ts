/** Layers that the compiled step does not know, stock ones of tfjs and a user's own, train on the eager path as stock tfjs has it. */
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { beforeAll, expect, test } from 'vitest'
import '../src/training/tensors.ts'
import { key, normal } from '../src/graph/math/random.ts'
import type { Batch, StepOptions } from '../src/training/backends/define.ts'
import { eager } from '../src/training/backends/eager/eager.ts'
import { registerGradients } from '../src/training/backends/eager/register-gradients.ts'
import { startWasm } from '../src/training/backends/eager/start-wasm.ts'
import { findBackend } from '../src/training/backends/find-backend.ts'
import { wasm } from '../src/training/backends/wasm/wasm.ts'
import { weightsByName } from '../src/training/backends/weight-names.ts'

const L = tfl.layers
type X = tfl.SymbolicTensor
const on = (layer: tfl.layers.Layer, ...x: X[]): X => layer.apply(x.length === 1 ? x[0]! : x) as X

/** A user's own: x + scale tanh(x) a channel, with a weight that learns. */
class Bend extends L.Layer {
  static className = 'TestBend'
  #scale: any
  override build(shape: tfl.Shape | tfl.Shape[]): void {
    const channels = (shape as number[]).at(-1)!
    this.#scale = this.addWeight('scale', [channels], 'float32', tfl.initializers.constant({ value: 0.3 }))
    super.build(shape)
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs
    return tf.add(x, tf.mul(this.#scale.read(), tf.tanh(x)))
  }
}
tf.serialization.registerClass(Bend)

const middles: Record<string, (x: X) => X> = {
  'a user’s own layer with a weight': (x) => on(new Bend(), x),
  'LeakyReLU and PReLU': (x) => on(L.prelu(), on(L.leakyReLU({ alpha: 0.2 }), x)),
  'ThresholdedReLU, SELU, softsign': (x) =>
    on(L.activation({ activation: 'softsign' }), on(L.activation({ activation: 'selu' }), on(L.thresholdedReLU({ theta: 0.1 }), x))),
  LayerNormalization: (x) => on(L.layerNormalization(), x),
  'Multiply, Average and Maximum': (x) =>
    on(L.maximum(), on(L.multiply(), x, on(L.conv2d({ filters: 4, kernelSize: 1 }), x)), on(L.average(), x, on(L.reLU(), x))),
  'Permute and Cropping2D': (x) => on(L.cropping2D({ cropping: [[1, 0], [0, 1]] }), on(L.permute({ dims: [2, 1, 3] }), x)), // biome-ignore format: a call
  'Conv1D over rows': (x) =>
    on(
      L.reshape({ targetShape: [6, 2, 5] }),
      on(L.conv1d({ filters: 10, kernelSize: 3, padding: 'same' }), on(L.reshape({ targetShape: [6, 20] }), x)),
    ),
  'an LSTM over rows': (x) =>
    on(
      L.reshape({ targetShape: [1, 6, 3] }),
      on(L.lstm({ units: 3, returnSequences: true, recurrentInitializer: 'glorotUniform' }), on(L.reshape({ targetShape: [6, 20] }), x)),
    ),
  'a layer used twice': (x) => {
    const twice = L.conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'tanh' })
    return on(twice, on(twice, x))
  },
  'a model inside': (x) =>
    on(
      tfl.sequential({
        layers: [L.conv2d({ inputShape: [6, 5, 4], filters: 3, kernelSize: 3 }), L.batchNormalization()],
      }) as unknown as tfl.layers.Layer,
      x,
    ),
}

const size = 4
const draws = (n: number, stream: number) => Float32Array.from({ length: n }, (_, i) => normal(key(3, 'test', stream), i))
const options: StepOptions = {
  batchSize: size,
  optimiser: { name: 'sgd', momentum: 0 },
  labelSmoothing: 0.1,
  decayOf: () => 0,
  seed: 1,
  threads: 1,
}
const batch: Batch = { images: draws(size * 90, 99), labels: Int32Array.from([0, 1, 2, 0]), size }

function make(middle: (x: X) => X): tfl.LayersModel {
  const input = tfl.input({ shape: [6, 5, 3] })
  const x = on(L.conv2d({ filters: 4, kernelSize: 3, padding: 'same' }), input)
  const model = tfl.model({ inputs: input, outputs: on(L.dense({ units: 3 }), on(L.flatten(), middle(x))) })
  for (const [stream, [name, weight]] of [...weightsByName(model)].entries()) {
    const values = draws(tf.util.sizeFromShape(weight.shape as number[]), stream).map((v) =>
      /variance|gamma/.test(name) ? 1 + 0.1 * v : 0.3 * v,
    )
    weight.write(tf.tensor(values, weight.shape as number[]))
  }
  return model
}

beforeAll(async () => {
  await startWasm()
  registerGradients()
})

/** The loss by stock tfjs on its plain JavaScript backend, and its gradients. */
async function stock(model: tfl.LayersModel) {
  await tf.setBackend('cpu')
  const result = tf.tidy(() => {
    const variables = model.trainableWeights.map(({ name }) => tf.engine().registeredVariables[name]!)
    const { value, grads } = tf.variableGrads(() => {
      const logits = model.apply(tf.tensor(batch.images, [size, 6, 5, 3]), { training: true }) as tf.Tensor
      const wanted = tf.add(tf.mul(tf.oneHot(tf.tensor1d(batch.labels, 'int32'), 3), 0.9), 0.1 / 3)
      return tf.neg(tf.mean(tf.sum(tf.mul(wanted, tf.logSoftmax(logits)), 1))) as tf.Scalar
    }, variables)
    return { loss: value.dataSync()[0]!, gradients: variables.map(({ name }) => grads[name]!.dataSync().slice()) }
  })
  await tf.setBackend('wasm')
  return result
}

test.each(Object.entries(middles))('%s', async (_, middle) => {
  const model = make(middle)
  expect(wasm.refuses(model)).toBeDefined()
  const { backend, refusals } = findBackend('auto', model)
  expect(refusals.length).toBeGreaterThan(0)
  if (backend !== eager) expect(backend.name).toBe('tensorflow')
  const expected = await stock(make(middle))
  const step = await eager.prepare(model, options)
  const first = step.train(batch, { step: 0, rate: 0.05 })
  expect(Math.abs(first.loss - expected.loss)).toBeLessThan(1e-5)
  const gradients = [...step.optimiserState().values()].map((v) => v.slice())
  expect(gradients.length).toBe(expected.gradients.length)
  const whole = Math.hypot(...expected.gradients.flatMap((g) => [...g]))
  for (const [i, g] of gradients.entries())
    expect(Math.hypot(...g.map((v, j) => v - expected.gradients[i]![j]!)) / whole).toBeLessThan(1e-5)
  let last = first.loss
  for (let i = 1; i < 12; i++) last = step.train(batch, { step: i, rate: 0.05 }).loss
  expect(last).toBeLessThan(first.loss)
  step.dispose()
})
