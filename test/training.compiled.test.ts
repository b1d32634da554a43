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
  get softmax(): boolean {
    const last = this.model.layers.at(-1)!
    return last.getClassName() === 'Softmax' || (last as any).activation?.getClassName() === 'softmax'
  }
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
      const trainable = [...weightsByName(model)].filter(([, w]) => model.trainableWeights.includes(w))
      const variables = trainable.map(([, w]) => tf.engine().registeredVariables[w.name]!)
      const { value, grads } = tf.variableGrads(() => {
        const out = model.apply(x, { training: true }) as tf.Tensor
        // Softmax and a logarithm in place of logits: the same loss.
        const logits = this.softmax ? tf.log(out) : out
        const hot = tf.oneHot(tf.tensor1d(batch.labels, 'int32'), classes)
        const target = tf.add(tf.mul(hot, 1 - options.labelSmoothing), options.labelSmoothing / classes)
        return tf.neg(tf.mean(tf.sum(tf.mul(target, tf.logSoftmax(logits)), 1))) as tf.Scalar
      }, variables)
      for (const [i, [name]] of trainable.entries()) {
        const variable = variables[i]!
        const g = tf.add(grads[variable.name]!, tf.mul(variable, options.decayOf(name)))
        const v = tf.add(g, tf.mul(this.momentum.get(name) ?? tf.zerosLike(g), (options.optimiser as { momentum: number }).momentum))
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
  'a residual net with pooling, biases, a shared branch, and a softmax at the end': () => {
    const input = tfl.input({ shape: [8, 10, 5] })
    const x = apply(L.conv2d({ filters: 6, kernelSize: [3, 5], strides: [1, 2], padding: 'valid', activation: 'elu' }), input)
    let y = apply(L.batchNormalization(), apply(L.conv2d({ filters: 6, kernelSize: 3, padding: 'same' }), x))
    y = apply(new Ensemble({ mix: 'weighted', activation: 'swish', base: 'relu', alpha: 0.7, beta: 1.5 }), apply(L.add(), [y, x]))
    const short = apply(L.conv2d({ filters: 9, kernelSize: 1, strides: 2, useBias: false }), y)
    const long = apply(L.conv2d({ filters: 9, kernelSize: 3, strides: 2, padding: 'same' }), y)
    y = apply(L.activation({ activation: 'relu' }), apply(L.add(), [apply(L.batchNormalization(), short), long]))
    y = apply(L.concatenate(), [apply(L.averagePooling2d({ poolSize: 1, strides: 1 }), y), y])
    y = apply(
      L.zeroPadding2d({
        padding: [
          [1, 0],
          [0, 2],
        ],
      }),
      y,
    )
    y = apply(L.maxPooling2d({ poolSize: 2, strides: 2, padding: 'valid' }), y)
    y = apply(L.dense({ units: 11, activation: 'mish' }), apply(L.flatten(), y))
    return tfl.model({ inputs: input, outputs: apply(L.softmax(), apply(L.dense({ units: 5 }), y)) })
  },
  'a sequential net with a depth multiplier, gelu, and a frozen layer': () =>
    tfl.sequential({
      layers: [
        L.depthwiseConv2d({ inputShape: [6, 6, 3], kernelSize: [3, 2], depthMultiplier: 2, padding: 'same', activation: 'gelu' }),
        L.conv2d({ filters: 5, kernelSize: 2, trainable: false }),
        L.reshape({ targetShape: [25, 5] }),
        L.batchNormalization(),
        L.flatten(),
        L.dense({ units: 3, activation: 'softmax' }),
      ],
    }),
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
    const shape = model.inputs[0]!.shape.slice(1) as number[]
    const theirOutput = tf.tidy(() => (model.predict(tf.tensor(batch.images, [6, ...shape])) as tf.Tensor).dataSync().slice())
    const classes = model.outputs[0]!.shape.at(-1)!
    const logits = step.predict(batch.images, 6)
    const ourOutput = reference.softmax
      ? tf.tidy(() =>
          tf
            .softmax(tf.tensor(logits, [6, classes]))
            .dataSync()
            .slice(),
        )
      : logits
    expect(difference(ourOutput, theirOutput)).toBeLessThan(1e-4)
    // Fewer images than the step was made for: the same answers for them.
    expect(step.predict(batch.images.subarray(0, batch.images.length / 3), 2)).toEqual(logits.subarray(0, 2 * classes))
  })

  it('gives the same bytes on 1, 2 and 3 threads', async () => {
    const model = make()
    randomise(model)
    const batches = [0, 1].map(() => batchOf(model, 19))
    const results = []
    for (const threads of [1, 2, 3]) {
      const step = await prepare(model, options({ batchSize: 19, threads }))
      const losses = batches.map((batch, i) => step.train(batch, { step: i, rate: 0.05 }))
      results.push({ losses, momentum: step.optimiserState(), logits: step.predict(batches[0]!.images, 19) })
    }
    expect(results[1]).toEqual(results[0])
    expect(results[2]).toEqual(results[0])
  })
})

describe('a step', () => {
  const make = nets['separable blocks with ensembles, 3 channels in, 7 classes']!

  it('goes on from stored weights and momentum to the same bytes', async () => {
    const model = make()
    randomise(model)
    const batches = [0, 1, 2].map(() => batchOf(model, 6))
    const whole = await prepare(model, options())
    for (const [i, batch] of batches.entries()) whole.train(batch, { step: i, rate: 0.05 })
    const first = await prepare(model, options())
    first.train(batches[0]!, { step: 0, rate: 0.05 })
    first.store()
    const second = await prepare(model, options())
    second.restoreOptimiser(first.optimiserState())
    for (const i of [1, 2]) second.train(batches[i]!, { step: i, rate: 0.05 })
    expect(second.optimiserState()).toEqual(whole.optimiserState())
    expect(second.predict(batches[0]!.images, 6)).toEqual(whole.predict(batches[0]!.images, 6))
  })

  it('reads alpha anew, draws anew each step, and keeps the draws of a step', async () => {
    const model = make()
    randomise(model)
    const batch = batchOf(model, 6)
    const loss = async (step: number, alpha: number) => {
      for (const layer of model.layers) if (layer instanceof Ensemble) layer.alpha = alpha
      return (await prepare(model, options())).train(batch, { step, rate: 0.05 }).loss
    }
    expect(await loss(3, 0.5)).toBe(await loss(3, 0.5))
    expect(await loss(3, 0.5)).not.toBe(await loss(4, 0.5))
    expect(await loss(3, 1)).toBe(await loss(4, 1))
    expect(await loss(3, 0)).toBe(await loss(4, 0))
  })

  it('names the first layer whose output is not finite, and leaves the weights as they were', async () => {
    const model = make()
    randomise(model)
    const [, block] = model.layers.filter((layer) => layer.getClassName() === 'Conv2D')
    const [kernel] = block!.weights
    const values = kernel!.read().dataSync().slice()
    values[5] = Number.NaN
    kernel!.write(tf.tensor(values, kernel!.shape as number[]))
    const step = await prepare(model, options())
    const batch = batchOf(model, 6)
    const before = step.optimiserState()
    expect(step.train(batch, { step: 0, rate: 0.1 }).loss).toBeNaN()
    expect(step.optimiserState()).toEqual(before)
    expect(step.firstNonFinite(batch, { step: 0 })).toBe(block!.name)
    batch.images[7] = Number.POSITIVE_INFINITY
    expect(step.firstNonFinite(batch, { step: 0 })).toBe(model.layers[0]!.name)
  })

  it('drops out by its own draws, in training alone', async () => {
    const model = tfl.sequential({ layers: [L.dense({ inputShape: [40], units: 40 }), L.dropout({ rate: 0.5 }), L.dense({ units: 4 })] })
    randomise(model)
    const batch = batchOf(model, 6)
    const losses = []
    for (const i of [0, 0, 1]) losses.push((await prepare(model, options())).train(batch, { step: i, rate: 0.1 }).loss)
    expect(losses[0]).toBe(losses[1])
    expect(losses[0]).not.toBe(losses[2])
    const step = await prepare(model, options())
    expect(step.predict(batch.images, 6)).toEqual(step.predict(batch.images, 6))
  })
})

it('says which batch size to try when memory ends at 4 GiB', async () => {
  const x = tfl.input({ shape: [1024, 1024, 1] })
  const model = tfl.model({ inputs: x, outputs: apply(L.dense({ units: 2 }), apply(L.globalAveragePooling2d({}), x)) })
  const refused = prepare(model, options({ batchSize: 1200 }))
  await expect(refused).rejects.toMatchObject({ code: 'out-of-memory', hint: 'Try a batch size of 600.' })
})

describe('refusals', () => {
  const input = () => tfl.input({ shape: [8, 8, 3] })
  const on = (layer: tfl.layers.Layer) => {
    const x = input()
    return tfl.model({ inputs: x, outputs: apply(L.dense({ units: 2 }), apply(L.flatten(), apply(layer, x))) })
  }
  it.each([
    ['an unknown kind', () => L.leakyReLU({ name: 'leak' }), 'layer "leak" (LeakyReLU)'],
    ['channels first', () => L.conv2d({ filters: 2, kernelSize: 3, dataFormat: 'channelsFirst', name: 'c' }), 'channels come first'],
    ['an activation', () => L.conv2d({ filters: 2, kernelSize: 3, activation: 'selu', name: 'c' }), '"selu"'],
    ['a softmax inside', () => L.softmax({ name: 's' }), 'layer "s" (Softmax)'],
  ])('%s', (_, layer, says) => expect(wasm.refuses(on(layer()))).toContain(says))

  it('a layer used twice', () => {
    const x = input()
    const twice = L.conv2d({ filters: 3, kernelSize: 1, name: 'twice' })
    const model = tfl.model({ inputs: x, outputs: apply(L.flatten(), apply(twice, apply(twice, x))) })
    expect(wasm.refuses(model)).toContain('"twice"')
  })
})
