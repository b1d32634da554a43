/** The eager backend: its gradients, its step, its draws. */
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, test } from 'vitest'
import { key, normal } from '../src/graph/math/random.ts'
import type { StepOptions } from '../src/training/backends/define.ts'
import * as composed from '../src/training/backends/eager/compose/index.ts'
import type { Shape4D } from '../src/training/backends/eager/compose/window.ts'
import { eager } from '../src/training/backends/eager/eager.ts'
import { fallbacks, registerGradients } from '../src/training/backends/eager/register-gradients.ts'
import { startWasm } from '../src/training/backends/eager/start-wasm.ts'
import { weightsByName } from '../src/training/backends/weight-names.ts'
import { drawWeights } from '../src/training/networks/draw-weights.ts'
import { bases as ensembleBases, smoothActivations } from '../src/training/pea/define.ts'
import { drawRelu } from '../src/training/pea/draw.ts'
import { Ensemble } from '../src/training/pea/ensemble.ts'
import { mixTensor } from '../src/training/pea/mix-tensor.ts'
import { bases, smooth } from '../src/training/pea/smooth.ts'

beforeAll(async () => {
  await startWasm()
  registerGradients()
})

const values = (length: number, stream: number): Float32Array => Float32Array.from({ length }, (_, i) => normal(key(5, 'test', stream), i))
const tensor = (shape: number[], stream: number): tf.Tensor => tf.tensor(values(tf.util.sizeFromShape(shape), stream), shape)
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let [difference, length] = [0, 0]
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2
    length += b[i]! ** 2
  }
  return Math.sqrt(difference / length)
}

describe('convolution gradients', () => {
  // Central differences of a convolution are exact: it is linear in each operand.
  type Case = { input: number[]; filter: number[]; stride: number; pad: 'same' | 'valid'; dilation: number; depthwise?: boolean }
  const cases: Case[] = [
    { input: [2, 7, 6, 3], filter: [3, 3, 3, 5], stride: 1, pad: 'same', dilation: 1 },
    { input: [2, 7, 6, 3], filter: [3, 3, 3, 4], stride: 2, pad: 'same', dilation: 1 },
    { input: [1, 8, 8, 2], filter: [3, 3, 2, 4], stride: 2, pad: 'valid', dilation: 1 },
    { input: [3, 5, 5, 4], filter: [1, 1, 4, 6], stride: 1, pad: 'same', dilation: 1 },
    { input: [3, 5, 5, 4], filter: [1, 1, 4, 6], stride: 2, pad: 'same', dilation: 1 },
    { input: [2, 9, 8, 3], filter: [1, 3, 3, 2], stride: 1, pad: 'same', dilation: 2 },
    { input: [2, 9, 9, 2], filter: [3, 3, 2, 3], stride: 1, pad: 'valid', dilation: 2 },
    { input: [2, 7, 6, 3], filter: [3, 3, 3, 1], stride: 1, pad: 'same', dilation: 1, depthwise: true },
    { input: [2, 8, 7, 4], filter: [3, 3, 4, 1], stride: 2, pad: 'same', dilation: 1, depthwise: true },
    { input: [2, 7, 6, 3], filter: [5, 3, 3, 2], stride: 2, pad: 'valid', dilation: 1, depthwise: true },
    { input: [2, 9, 8, 3], filter: [3, 3, 3, 2], stride: 1, pad: 'same', dilation: 2, depthwise: true },
  ]
  test.each(cases)('%j', ({ input, filter, stride, pad, dilation, depthwise }) => {
    const f = (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
      depthwise
        ? tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad, 'NHWC', dilation)
        : tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad, 'NHWC', dilation)
    tf.tidy(() => {
      const [x, w] = [tensor(input, 0), tensor(filter, 1)]
      const g = tensor(f(x, w).shape, 2)
      const own = tf.grads((a, b) => f(a, b) as tf.Tensor)([x, w], g)
      const attributes = { strides: stride, pad, dilations: dilation }
      const [inputShape, filterShape] = [input, filter] as [Shape4D, Shape4D]
      const [x4, w4, g4] = [x, w, g] as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D]
      const byOperations = depthwise
        ? [
            composed.depthwiseInputGradient(g4, w4, inputShape, attributes),
            composed.depthwiseFilterGradient(x4, g4, filterShape, attributes),
          ]
        : [
            composed.convolutionInputGradient(g4, w4, inputShape, attributes),
            composed.convolutionFilterGradient(x4, g4, filterShape, attributes),
          ]
      for (const [operand, at] of [
        [x, 0],
        [w, 1],
      ] as const) {
        const slopes = Float32Array.from({ length: operand.size }, (_, i) => {
          const one = new Float32Array(operand.size)
          one[i] = 1
          const unit = tf.tensor(one, operand.shape)
          return tf.sum(tf.mul(at === 0 ? f(unit, w) : f(x, unit), g)).dataSync()[0]!
        })
        expect(apart(own[at]!.dataSync() as Float32Array, slopes), 'own kernel').toBeLessThan(1e-5)
        expect(apart(byOperations[at]!.dataSync() as Float32Array, slopes), 'composed').toBeLessThan(1e-5)
      }
    })
  })
})

test('only what our kernels do not take fell back, with the reason', () => {
  const names = ['DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter']
  expect(fallbacks()).toEqual(new Map(names.map((name) => [name, 'a channel multiplier'])))
})

test.each(smoothActivations)('the ensemble kernel over %s is what the operations compute, with the same draws', (activation) => {
  tf.tidy(() => {
    const [x, g] = [tf.mul(tensor([3, 11, 7], 3), 3), tensor([3, 11, 7], 4)]
    for (const base of ensembleBases)
      for (const key of [undefined, 12345]) {
        const mixing = {
          mix: key === undefined ? ('weighted' as const) : ('stochastic' as const),
          activation,
          base,
          beta: activation === 'swish' ? 1.3 : 1,
          alpha: 0.4,
        }
        const { value, grad } = tf.valueAndGrad((t) => mixTensor(t, { ...mixing, ...(key === undefined ? {} : { key }) }))(x, g)
        const share = key === undefined ? tf.scalar(0.4) : tf.tensor(Float32Array.from(drawRelu(key, 0.4, x.size)), x.shape)
        const blend = (a: tf.Tensor, b: tf.Tensor) => tf.add(tf.mul(share, a), tf.mul(tf.sub(1, share), b)).dataSync() as Float32Array
        expect(apart(value.dataSync() as Float32Array, blend(bases[base].value(x), smooth[activation].value(x, mixing.beta)))).toBeLessThan(
          1e-5,
        )
        const slopes = blend(tf.mul(g, bases[base].derivative(x)), tf.mul(g, smooth[activation].derivative(x, mixing.beta)))
        expect(apart(grad.dataSync() as Float32Array, slopes)).toBeLessThan(1e-5)
      }
  })
})

/** conv, norm, activation, dilated conv, depthwise, norm, dense: one of each that the backend treats in its own way. */
function small(
  seed: number,
  { activation = () => tfl.layers.activation({ activation: 'tanh' }) as tfl.layers.Layer, rate = 0, fusedSoftmax = false } = {},
) {
  const model = tfl.sequential()
  model.add(
    tfl.layers.conv2d({ inputShape: [6, 6, 2], filters: 4, kernelSize: 3, padding: 'same', useBias: false, kernelInitializer: 'zeros' }),
  )
  model.add(tfl.layers.batchNormalization({ momentum: 0.9 }))
  model.add(activation())
  model.add(
    tfl.layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', dilationRate: 2, activation: 'tanh', kernelInitializer: 'zeros' }),
  )
  model.add(tfl.layers.depthwiseConv2d({ kernelSize: 3, strides: 2, padding: 'same', useBias: false, depthwiseInitializer: 'zeros' }))
  model.add(tfl.layers.batchNormalization({ momentum: 0.9 }))
  model.add(tfl.layers.flatten())
  model.add(tfl.layers.dropout({ rate }))
  model.add(tfl.layers.dense({ units: 3, kernelInitializer: 'zeros', ...(fusedSoftmax ? { activation: 'softmax' as const } : {}) }))
  if (!fusedSoftmax) model.add(tfl.layers.softmax())
  drawWeights(model, seed)
  return model
}
const batch = { images: values(8 * 72, 9), labels: Int32Array.from([0, 1, 2, 0, 1, 2, 0, 1]), size: 8 }
const options: StepOptions = {
  batchSize: 8,
  optimiser: { name: 'sgd', momentum: 0.9 },
  labelSmoothing: 0.1,
  decayOf: (name) => (name.endsWith('/kernel') ? 0.01 : 0),
  seed: 3,
  threads: 1,
}
const weightsOf = (model: tfl.LayersModel): Float32Array[] => model.getWeights().map((w) => w.dataSync().slice() as Float32Array)

describe('step', () => {
  test('loss, gradients with decay, moving statistics and two updates are those of tf.grads over the whole model', async () => {
    const model = small(1)
    const start = weightsOf(model)
    const step = await eager.prepare(model, options)
    const first = step.train(batch, { step: 0, rate: 0.5 })
    const velocity = new Map([...step.optimiserState()].map(([name, v]) => [name, v.slice()]))
    const after = weightsOf(model)
    step.dispose()

    // The same by stock tfjs: softmax output, composed norm, autodiff. The dilated layer has no stock gradient, so its kernel does without.
    const stock = small(1)
    const dilated = stock.layers[3] as any
    dilated.call = (inputs: tf.Tensor[]) =>
      tf.tanh(tf.add(tf.conv2d(inputs[0] as tf.Tensor4D, dilated.kernel.read(), 1, 'same', 'NHWC', 2), dilated.bias.read()))
    const smooth = tf.tidy(() => tf.add(tf.mul(tf.oneHot(tf.tensor1d(batch.labels, 'int32'), 3), 0.9), 0.1 / 3))
    const { value, grads } = tf.variableGrads(() => {
      const p = stock.apply(tf.tensor(batch.images, [8, 6, 6, 2]), { training: true }) as tf.Tensor
      return tf.neg(tf.mean(tf.sum(tf.mul(smooth, tf.log(p)), 1))) as tf.Scalar
    })
    expect(first.loss).toBeCloseTo(value.dataSync()[0]!, 5)
    let checked = 0
    for (const [i, [slot, weight]] of [...weightsByName(stock)].entries()) {
      const now = after[i]!
      if (!weight.trainable) {
        expect(apart(now, weight.read().dataSync() as Float32Array), slot).toBeLessThan(1e-5)
        continue
      }
      const decay = options.decayOf(slot)
      const gradient = (grads[weight.name]!.dataSync() as Float32Array).map((g, j) => g + decay * start[i]![j]!)
      expect(apart(velocity.get(slot)!, gradient), slot).toBeLessThan(1e-4)
      expect(
        apart(
          now,
          start[i]!.map((w, j) => w - 0.5 * gradient[j]!),
        ),
        slot,
      ).toBeLessThan(1e-5)
      checked++
    }
    expect(checked).toBe(10)
  })

  test('momentum carries over, and is restored', async () => {
    const run = async (through: boolean) => {
      const model = small(1)
      const step = await eager.prepare(model, options)
      step.train(batch, { step: 0, rate: 0.1 })
      if (through) {
        const state = new Map([...step.optimiserState()].map(([name, v]) => [name, v.slice()]))
        for (const v of step.optimiserState().values()) v.fill(7)
        step.restoreOptimiser(state)
      }
      step.train(batch, { step: 1, rate: 0.1 })
      step.dispose()
      return weightsOf(model)
    }
    expect(await run(true)).toEqual(await run(false))
  })

  test('a softmax in the last layer gives the same step and the same logits as one of its own', async () => {
    const results = []
    for (const fusedSoftmax of [false, true]) {
      const step = await eager.prepare(small(2, { fusedSoftmax }), options)
      results.push([step.predict(batch.images, 5), step.train(batch, { step: 0, rate: 0.1 }), step.predict(batch.images, 8)])
      step.dispose()
    }
    expect(results[1]).toEqual(results[0])
    expect(results[0]![0]).toHaveLength(15)
  })

  test('predict is inference: the softmax of its logits is what the model itself predicts', async () => {
    const model = small(4, {
      activation: () => new Ensemble({ mix: 'stochastic', activation: 'mish', base: 'relu', alpha: 0.5 }),
      rate: 0.5,
    })
    const step = await eager.prepare(model, options)
    for (let i = 0; i < 3; i++) step.train(batch, { step: i, rate: 0.05 })
    const logits = tf.tensor(step.predict(batch.images, 8), [8, 3])
    step.dispose()
    const own = model.predict(tf.tensor(batch.images, [8, 6, 6, 2])) as tf.Tensor
    expect(apart(tf.softmax(logits).dataSync() as Float32Array, own.dataSync() as Float32Array)).toBeLessThan(1e-6)
  })

  test('training draws by step and seed alone: dropout and stochastic ensembles repeat', async () => {
    const loss = async (seed: number, step: number) => {
      const model = small(4, {
        activation: () => new Ensemble({ mix: 'stochastic', activation: 'mish', base: 'relu', alpha: 0.5 }),
        rate: 0.5,
      })
      const prepared = await eager.prepare(model, { ...options, seed })
      const result = prepared.train(batch, { step, rate: 0 })
      prepared.dispose()
      return result.loss
    }
    expect(await loss(3, 1)).toBe(await loss(3, 1))
    expect(new Set([await loss(3, 1), await loss(3, 2), await loss(4, 1)]).size).toBe(3)
  })

  test('on a non-finite loss the weights stay, and the layer is named', async () => {
    const model = small(1)
    const depthwise = model.layers[4]!
    const weight = depthwise.weights[0]!
    weight.write(tf.fill(weight.shape as number[], Number.NaN))
    const before = weightsOf(model)
    const step = await eager.prepare(model, options)
    expect(step.train(batch, { step: 0, rate: 0.1 }).loss).toBeNaN()
    expect(step.firstNonFinite(batch, { step: 0 })).toBe(depthwise.name)
    step.dispose()
    const trainable = model.weights.map((w) => w.trainable)
    expect(weightsOf(model).filter((_, i) => trainable[i])).toEqual(before.filter((_, i) => trainable[i]))
  })

  test('a step leaves no tensors behind, and dispose leaves the layers as they were', async () => {
    const model = small(1, { rate: 0.5 })
    const step = await eager.prepare(model, options)
    step.train(batch, { step: 0, rate: 0.1 })
    const { numTensors } = tf.memory()
    for (let i = 1; i < 4; i++) step.train(batch, { step: i, rate: 0.1 })
    step.predict(batch.images, 8)
    step.firstNonFinite(batch, { step: 4 })
    expect(tf.memory().numTensors).toBe(numTensors)
    step.dispose()
    for (const layer of model.layers) expect(Object.keys(layer)).not.toContain('call')
  })
})

describe('refuses', () => {
  test('what it cannot repeat or has no loss for', () => {
    const noisy = tfl.sequential({ layers: [tfl.layers.dense({ units: 2, inputShape: [2] }), tfl.layers.gaussianNoise({ stddev: 1 })] })
    expect(eager.refuses(noisy)).toContain('random')
    const rank3 = tfl.sequential({ layers: [tfl.layers.dense({ units: 2, inputShape: [4, 4] })] })
    expect(eager.refuses(rank3)).toContain('[batch, classes]')
    expect(eager.refuses(small(0))).toBeUndefined()
  })
})
