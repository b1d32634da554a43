/** The compiled step against tfjs: the same model, the same batch, composed gradients on the CPU backend. */
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import '../src/training/tensors.ts'
import { key, uniform } from '../src/graph/math/random.ts'
import type { Batch, Step, StepOptions } from '../src/training/backends/define.ts'
import { wasm } from '../src/training/backends/wasm/wasm.ts'
import { weightsByName } from '../src/training/backends/weight-names.ts'
import { Ensemble } from '../src/training/pea/ensemble.ts'

const seed = 7
const stream = key(1, 'test')
let drawn = 0
const draw = (n: number, spread = 1) => Float32Array.from({ length: n }, () => (uniform(stream, drawn++) - 0.5) * 2 * spread)

function randomise(model: tfl.LayersModel): void {
  for (const [name, weight] of weightsByName(model)) {
    const n = weight.shape.reduce<number>((a, b) => a * b!, 1)
    const values = draw(n, name.includes('kernel') ? 0.5 : 0.2).map((v) => (/gamma|variance/.test(name) ? 1 + v : v))
    weight.write(tf.tensor(values, weight.shape as number[]))
  }
}

const batchOf = (model: tfl.LayersModel, size: number): Batch => {
  const shape = model.inputs[0]!.shape.slice(1) as number[]
  const classes = model.outputs[0]!.shape.at(-1)!
  return { images: draw(size * tf.util.sizeFromShape(shape)), labels: Int32Array.from({ length: size }, (_, i) => (i * 7) % classes), size }
}

/** One step of tfjs: gradients by its own rules, then the update that the contract states. */
class Reference {
  readonly momentum = new Map<string, tf.Tensor>()
  readonly model: tfl.LayersModel
  readonly options: StepOptions
  constructor(model: tfl.LayersModel, options: StepOptions) {
    this.model = model
    this.options = options
  }
  train(batch: Batch, { step, rate }: { step: number; rate: number }): number {
    const { model, options } = this
    for (const layer of model.layers) if (layer instanceof Ensemble) layer.step = step
    return tf.tidy(() => {
      const x = tf.tensor(batch.images, [batch.size, ...(model.inputs[0]!.shape.slice(1) as number[])])
      const classes = model.outputs[0]!.shape.at(-1)!
      const trainable = [...weightsByName(model)].filter(([, w]) => w.trainable)
      const variables = trainable.map(([, w]) => tf.engine().registeredVariables[w.name]!)
      const { value, grads } = tf.variableGrads(() => {
        const logits = model.apply(x, { training: true }) as tf.Tensor
        const hot = tf.oneHot(tf.tensor1d(batch.labels, 'int32'), classes)
        const target = tf.add(tf.mul(hot, 1 - options.labelSmoothing), options.labelSmoothing / classes)
        return tf.neg(tf.mean(tf.sum(tf.mul(target, tf.logSoftmax(logits)), 1))) as tf.Scalar
      }, variables)
      for (const [i, [name]] of trainable.entries()) {
        const variable = variables[i]!
        const g = tf.add(grads[variable.name]!, tf.mul(variable, options.decayOf(name)))
        const v = tf.add(g, tf.mul(this.momentum.get(name) ?? tf.zerosLike(g), options.optimiser.momentum))
        this.momentum.get(name)?.dispose()
        this.momentum.set(name, tf.keep(v))
        variable.assign(tf.sub(variable, tf.mul(v, rate)))
      }
      return value.dataSync()[0]!
    })
  }
}

const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let [top, bottom] = [0, 0]
  for (let i = 0; i < a.length; i++) {
    top += (a[i]! - b[i]!) ** 2
    bottom += b[i]! ** 2
  }
  return Math.sqrt(top / (bottom || 1))
}

const options = (over: Partial<StepOptions> = {}): StepOptions => ({
  batchSize: 6,
  optimiser: { name: 'sgd', momentum: 0.9 },
  labelSmoothing: 0.1,
  decayOf: (name) => (name.includes('kernel') ? 1e-2 : 0),
  seed,
  threads: 1,
  ...over,
})

const steps: Step[] = []
const prepare = async (model: tfl.LayersModel, given: StepOptions): Promise<Step> => {
  expect(wasm.refuses(model)).toBeUndefined()
  const step = await wasm.prepare(model, given)
  steps.push(step)
  return step
}
afterEach(() => {
  for (const step of steps.splice(0)) step.dispose()
})
beforeAll(() => tf.setBackend('cpu'))

type Tensor = tfl.SymbolicTensor
const L = tfl.layers
const apply = (layer: tfl.layers.Layer, x: Tensor | Tensor[]) => layer.apply(x) as Tensor

const nets: Record<string, () => tfl.LayersModel> = {
  'separable blocks with ensembles, 3 channels in, 7 classes': () => {
    const input = tfl.input({ shape: [9, 7, 3] })
    let x = apply(L.conv2d({ filters: 8, kernelSize: 3, padding: 'same', useBias: false }), input)
    x = apply(
      new Ensemble({ mix: 'stochastic', activation: 'mish', base: 'relu', alpha: 0.4 }),
      apply(L.batchNormalization({ momentum: 0.9 }), x),
    )
    x = apply(L.depthwiseConv2d({ kernelSize: 3, strides: 2, padding: 'same', useBias: false }), x)
    x = apply(new Ensemble({ mix: 'weighted', activation: 'gelu', base: 'relu6', alpha: 0.3 }), apply(L.batchNormalization(), x))
    x = apply(L.conv2d({ filters: 12, kernelSize: 1, useBias: false }), x)
    x = apply(L.reLU({ maxValue: 6 }), apply(L.batchNormalization(), x))
    return tfl.model({ inputs: input, outputs: apply(L.dense({ units: 7 }), apply(L.globalAveragePooling2d({}), x)) })
  },
}

describe.each(Object.entries(nets))('%s', (_, make) => {
  it('agrees with tfjs in loss, weights and statistics over three steps, and in inference', async () => {
    const model = make()
    randomise(model)
    const step = await prepare(model, options())
    const reference = new Reference(model, options())
    const losses: [number, number][] = []
    const batches = [0, 1, 2].map(() => batchOf(model, 6))
    for (const [i, batch] of batches.entries()) losses.push([step.train(batch, { step: i, rate: 0.05 }).loss, 0])
    for (const [i, batch] of batches.entries()) losses[i]![1] = reference.train(batch, { step: i, rate: 0.05 })
    for (const [ours, theirs] of losses) expect(Math.abs(ours - theirs) / theirs).toBeLessThan(1e-4)
    const theirs = new Map([...weightsByName(model)].map(([name, w]) => [name, w.read().dataSync().slice()]))
    step.store()
    for (const [name, w] of weightsByName(model))
      expect([name, difference(w.read().dataSync(), theirs.get(name)!)]).toEqual([name, expect.closeTo(0, 4)])
    const batch = batchOf(model, 6)
    const logits = tf.tidy(() =>
      (model.predict(tf.tensor(batch.images, [6, ...(model.inputs[0]!.shape.slice(1) as number[])])) as tf.Tensor).dataSync().slice(),
    )
    expect(difference(step.predict(batch.images, 6), logits)).toBeLessThan(1e-4)
  })
})
