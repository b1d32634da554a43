/** Training for int8: kernels, absorbed normalisations, the step against the file, straight-through gradients, and resuming. */
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, test } from 'vitest'
import { prepareExecutor } from '../src/execute/execute.ts'
import { importLayers } from '../src/formats/tfjs-layers/import-layers.ts'
import type { Graph } from '../src/graph/ir/graph.ts'
import { foldGraph } from '../src/graph/passes/fold-graph.ts'
import { stripGraph } from '../src/graph/passes/strip-graph.ts'
import { perTensor, quantised } from '../src/quantise/affine.ts'
import { dequantised } from '../src/quantise/dequantise.ts'
import { quantiseWith } from '../src/quantise/quantise.ts'
import { type Scheme, tfliteScheme } from '../src/quantise/scheme.ts'
import { quantiseWeights, weightQuant } from '../src/quantise/weights.ts'
import { absorb } from '../src/training/aware/absorb.ts'
import { type Aware, awarePhase } from '../src/training/aware/phase.ts'
import type { Batch } from '../src/training/backends/define.ts'
import { registerGradients } from '../src/training/backends/eager/register-gradients.ts'
import { startWasm } from '../src/training/backends/eager/start-wasm.ts'
import { eager, wasm } from '../src/training/backends/index.ts'
import type { Feed, Recipe } from '../src/training/fit/define.ts'
import { type FitOptions, fit } from '../src/training/fit/fit.ts'
import { defaultRecipe } from '../src/training/fit/recipes/default.ts'
import { readWeights } from '../src/training/fit/weights.ts'
import { drawWeights } from '../src/training/networks/draw-weights.ts'
import { Ensemble } from '../src/training/pea/ensemble.ts'
import { planFor } from '../src/training/pea/plan.ts'
import { Bench, draw, expectClose } from './support/kernel-bench.ts'

beforeAll(async () => {
  await startWasm()
  registerGradients()
})

const classes = 4
const side = 8

/** Everything that a network for int8 is made of: a stem, depthwise and strided layers, a residual, a ReLU6, a bias before a normalisation. */
function network(): tfl.LayersModel {
  const act = (name: string, base: 'relu' | 'relu6' = 'relu') => new Ensemble({ mix: 'stochastic', activation: 'mish', base, name })
  const conv = (name: string, filters: number, kernelSize: number, more = {}) =>
    tfl.layers.conv2d({ filters, kernelSize, padding: 'same', useBias: false, name, ...more })
  const norm = (name: string) => tfl.layers.batchNormalization({ name, momentum: 0.9 })
  const input = tfl.input({ shape: [side, side, 3], name: 'image' })
  const on = (layer: tfl.layers.Layer, ...x: tfl.SymbolicTensor[]) => layer.apply(x.length > 1 ? x : x[0]!) as tfl.SymbolicTensor
  const stem = on(act('a1'), on(norm('n1'), on(conv('c1', 8, 3, { useBias: true }), input)))
  const wide = on(
    act('a2', 'relu6'),
    on(norm('n2'), on(tfl.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', useBias: false, name: 'd2' }), stem)),
  )
  const back = on(norm('n3'), on(conv('c3', 8, 1), wide))
  const sum = on(act('a3'), on(tfl.layers.add({ name: 'sum' }), back, stem))
  const less = on(act('a4'), on(norm('n4'), on(conv('c4', 12, 3, { strides: 2 }), sum)))
  const pooled = on(tfl.layers.globalAveragePooling2d({ name: 'pool' }), on(tfl.layers.maxPooling2d({ poolSize: 2, name: 'half' }), less))
  const logits = on(tfl.layers.dense({ units: classes, name: 'logits' }), pooled)
  const model = tfl.model({ inputs: input, outputs: on(tfl.layers.softmax({ name: 'softmax' }), logits) })
  drawWeights(model, 3)
  return model
}

/** Classes differ in the mean of a quadrant. */
function batchOf(size: number, salt: number): Batch {
  const labels = Int32Array.from({ length: size }, (_, n) => (n * 3 + salt) % classes)
  const images = draw(size * side * side * 3).map((v, i) => {
    const [n, y, x] = [Math.floor(i / (3 * side * side)), Math.floor(i / (3 * side)) % side, Math.floor(i / 3) % side]
    return v + (labels[n] === 2 * Number(y >= side / 2) + Number(x >= side / 2) ? 1 : 0)
  })
  return { images, labels, size }
}
const batches = Array.from({ length: 4 }, (_, i) => batchOf(16, i))
const held = batchOf(32, 1)
const feedOf = (all: readonly Batch[]): Feed => ({ steps: all.length, epoch: (_, from = 0) => all.slice(from) })
const recipe: Recipe = { ...defaultRecipe, epochs: 6, batchSize: 16, phases: { from: 0.1, to: 0.4 } }
const aware = (scheme: Scheme = tfliteScheme): Aware => ({ scheme, method: 'auto', calibration: () => batches.map(({ images }) => images) })
const base = (scheme?: Scheme): FitOptions => ({
  ...{ model: network(), backend: wasm, recipe, train: feedOf(batches), validation: feedOf([held]) },
  ...{ seed: 5, threads: 1, digest: 'data', aware: aware(scheme) },
})
const foldedOf = (model: tfl.LayersModel) => foldGraph(stripGraph(importLayers(model)))
const settle = (model: tfl.LayersModel) => {
  for (const layer of model.layers) if (layer instanceof Ensemble) layer.alpha = 1
}

describe('kernels', () => {
  test.each([
    ['per-channel', false],
    ['per-tensor', false],
    ['per-channel', true],
  ] as const)('weights %s, powers of two %s, are what the quantiser says they are', (weights, powerOfTwo) => {
    const [rows, columns] = [27, 6]
    // Column 2 is all zeros, column 3 is small.
    const w = draw(rows * columns).map((v, i) => (i % columns === 2 ? 0 : i % columns === 3 ? v / 1000 : v))
    const bench = new Bench()
    const [from, into, scales] = [bench.put(w), bench.room(w.length), bench.room(columns)]
    bench.call('fakeWeights', from, into, scales, rows, columns, Number(weights === 'per-tensor'), Number(powerOfTwo))
    const tensor = { name: 'w', dtype: 'float32', shape: [rows, columns], data: w } as const
    const quant = weightQuant(tensor, weights === 'per-tensor' ? -1 : 1, undefined, 1, 1, { ...tfliteScheme, powerOfTwo })
    const said = dequantised({ shape: tensor.shape, data: quantiseWeights(tensor, quant), quant })
    // Adding 0 takes the sign of zeros away.
    expect(bench.read(into).map((v) => v + 0)).toEqual(said)
  })

  test('values are rounded as the quantiser rounds, and the gradient passes where nothing was clipped', () => {
    const { scale, zero } = { scale: Math.fround(0.037), zero: -20 }
    const x = draw(1001, 8)
    const bench = new Bench()
    const [xs, y, dy] = [bench.put(x), bench.room(x.length), bench.put(new Float32Array(x.length).fill(3))]
    bench.call('fakeQuantise', xs, y, scale, -128 - zero, 127 - zero, 0, x.length)
    bench.call('fakeQuantiseGradient', xs, dy, dy, scale, -128 - zero, 127 - zero, 0, x.length)
    const steps = x.map((v) => quantised(v, scale, zero, -1e9, 1e9))
    expect(bench.read(y)).toEqual(steps.map((q) => Math.fround(scale * (Math.min(127, Math.max(-128, q)) - zero))))
    expect(bench.read(dy)).toEqual(steps.map((q) => (q >= -128 && q <= 127 ? 3 : 0)))
    expect(steps.some((q) => q > 127) && steps.some((q) => q < -128)).toBe(true)
  })
})

test('absorbing normalisations changes no output, and folding again gives the weights back to the bit', () => {
  const model = network()
  settle(model)
  for (const weight of model.weights)
    if (/gamma|beta|moving|bias/.test(weight.originalName)) {
      const v = draw(weight.shape[0]!, 0.4)
      weight.write(tf.tensor1d(/gamma|variance/.test(weight.originalName) ? v.map((x) => 1 + x) : v))
    }
  const answer = () => (model.predict(tf.tensor(held.images, [held.size, side, side, 3])) as tf.Tensor).dataSync() as Float32Array
  const before = answer().slice()
  absorb(model)
  expectClose(answer(), before, 1e-5)
  const [weights, graph] = [readWeights(model), foldedOf(model)]
  expect([...weights.get('n4/gamma')!]).toEqual(new Array(12).fill(1))
  const sorted = (values: ArrayLike<number>) => Array.from(values).sort((a, b) => a - b)
  const constants = graph.tensors.flatMap(({ data }) => (data ? [sorted(data as Float32Array)] : []))
  for (const name of ['c1/kernel', 'd2/depthwise_kernel', 'c3/kernel', 'c4/kernel', 'n1/beta', 'n4/beta'])
    expect(constants, name).toContainEqual(sorted(weights.get(name)!))
  absorb(model)
  expect(readWeights(model)).toEqual(weights)
})

describe.each([
  ['as TFLite has it', tfliteScheme],
  ['per tensor, symmetric, powers of two', { weights: 'per-tensor', symmetric: true, powerOfTwo: true }],
] as const)('trained for int8, %s', (_, scheme) => {
  test('the step and the file compute the same function: each node within one step, the logits of the whole within two', async () => {
    const options = base(scheme)
    const { history, best, ranges } = await fit(options)
    // The transition ends in epoch 2; epochs 3 to 5 are aware, the first of them warms up.
    expect(best.epoch).toBeGreaterThanOrEqual(4)
    expect(history.at(-1)!.validationAccuracy).toBeGreaterThan(0.8)
    const { model } = options
    const folded = foldedOf(model)
    const int8 = quantiseWith(folded, (t) => ranges![t], scheme)
    const plan = planFor(model, recipe.phases, { epochs: 6, stepsPerEpoch: 4 })
    const fake = awarePhase(model, wasm, plan, { epochs: 6, stepsPerEpoch: 4 }, aware(scheme)).fake({ epoch: 4, ranges: ranges! })
    const logits = int8.tensors.findIndex(({ name }) => name === 'logits')
    const steps = { ...fake.tensors.get('logits')! }
    expect(int8.tensors[logits]!.quant).toEqual(perTensor(steps.scale, steps.zero))
    const step = await wasm.prepare(model, { ...plainStep, fake })
    const said = step.predict(held.images.subarray(0, 16 * side * side * 3), 16)
    const executor = prepareExecutor(int8)
    const input = int8.tensors[int8.inputs[0]!]!.quant!
    let [worst, exact] = [0, 0]
    for (let n = 0; n < 16; n++) {
      const image = held.images.subarray(n * side * side * 3, (n + 1) * side * side * 3)
      const nodes = nodesApart(folded, int8, image)
      expect(nodes.worst).toBeLessThanOrEqual(1)
      expect(nodes.same).toBeGreaterThan(0.98)
      executor.run([Int8Array.from(image, (v) => quantised(v, input.scale[0]!, input.zero[0]!, -128, 127))], (t, data) => {
        if (t !== logits) return
        for (const [k, q] of (data as Int8Array).entries()) {
          const apart = Math.abs(said[n * classes + k]! / steps.scale + steps.zero - q)
          worst = Math.max(worst, apart)
          exact += apart < 0.01 ? 1 : 0
        }
      })
    }
    step.dispose()
    // What nodes differ by, one rounding of a tie here and there, adds up on the way.
    expect(worst).toBeLessThanOrEqual(2.01)
    expect(exact / (16 * classes)).toBeGreaterThanOrEqual(0.5)
  })
})

/** Runs the float graph with the file's weights beside the file, each node on what the file gives it: the largest difference in steps, and the share without any. */
function nodesApart(
  folded: Graph<'folded'>,
  int8: Graph<'quantised'>,
  image: Float32Array,
): { readonly worst: number; readonly same: number } {
  const tensors = [...folded.tensors]
  const made = new Map(int8.nodes.map((node) => [node.outputs[0], node]))
  for (const { inputs, outputs } of folded.nodes) {
    const [from, to] = [inputs[1] ?? -1, int8.tensors[made.get(outputs[0])!.inputs[1] ?? -1]]
    if (to?.data && to.dtype === 'int8') tensors[from] = { ...tensors[from]!, data: dequantised(to) }
  }
  const written = new Map<number, Int8Array>()
  const input = int8.tensors[int8.inputs[0]!]!.quant!
  const given = Int8Array.from(image, (v) => quantised(v, input.scale[0]!, input.zero[0]!, -128, 127))
  prepareExecutor(int8).run([given], (t, data) => written.set(t, (data as Int8Array).slice()))
  let [worst, same, all] = [0, 0, 0]
  const x = Float32Array.from(given, (q) => input.scale[0]! * (q - input.zero[0]!))
  prepareExecutor({ ...folded, tensors }).run([x], (t, data) => {
    const [quant, steps, values] = [int8.tensors[t]!.quant!, written.get(t)!, data as Float32Array]
    if (folded.inputs.includes(t)) return
    for (const [i, v] of values.entries()) {
      const apart = Math.abs(quantised(v, quant.scale[0]!, quant.zero[0]!, -128, 127) - steps[i]!)
      worst = Math.max(worst, apart)
      same += Number(apart === 0)
      all++
      // The next nodes read this array.
      values[i] = quant.scale[0]! * (steps[i]! - quant.zero[0]!)
    }
  })
  return { worst, same: same / all }
}

const plainStep = {
  ...{ batchSize: 16, optimiser: { name: 'sgd' as const, momentum: 0 }, labelSmoothing: 0, decayOf: () => 0, seed: 5, threads: 1 },
}

test('gradients go straight through: those of the rounded network, with rounding left out', async () => {
  const model = network()
  settle(model)
  absorb(model)
  const plan = planFor(model, recipe.phases, { epochs: 6, stepsPerEpoch: 4 })
  const phase = awarePhase(model, wasm, plan, { epochs: 6, stepsPerEpoch: 4 }, aware())
  const fake = phase.fake(phase.learn(4))
  const before = readWeights(model)
  const step = await wasm.prepare(model, { ...plainStep, fake })
  const rate = 1e-2
  step.train(batches[0]!, { step: 20, rate })
  step.store()
  step.dispose()
  const after = readWeights(model)
  const expected = straightThrough(before, fake.tensors)
  for (const [name, gradient] of expected) {
    const moved = after.get(name)!.map((w, i) => (before.get(name)![i]! - w) / rate)
    // Ties fall otherwise here and there: tfjs rounds them to even numbers.
    expectClose(moved, gradient, 0.05)
  }
  // Nothing else moves: gamma, the statistics, and the bias that the normalisation made idle.
  for (const [name, values] of after) if (!expected.has(name)) expect(values, name).toEqual(before.get(name))
})

/** The same network in composed operations of tfjs, with a custom gradient for every rounding. */
function straightThrough(weights: ReadonlyMap<string, Float32Array>, tensors: ReadonlyMap<string, { scale: number; zero: number }>) {
  const round = (x: tf.Tensor, name: string): tf.Tensor => {
    const { scale, zero } = tensors.get(name)!
    return tf.customGrad((v, save) => {
      const q = tf.round(tf.div(v as tf.Tensor, scale))
      const inside = tf.logicalAnd(tf.greaterEqual(q, -128 - zero), tf.lessEqual(q, 127 - zero))
      ;(save as tf.GradSaveFunc)([tf.cast(inside, 'float32')])
      const value = tf.mul(tf.clipByValue(q, -128 - zero, 127 - zero), scale)
      return { value, gradFunc: (dy: tf.Tensor, [passes]: tf.Tensor[]) => tf.mul(dy, passes!) }
    })(x)
  }
  const rounded = (w: tf.Tensor, whole = false): tf.Tensor =>
    tf.customGrad((v) => {
      const flat = tf.reshape(v as tf.Tensor, [-1, w.shape.at(-1)! * (w.shape.length === 4 && w.shape[3] === 1 ? w.shape[2]! : 1)])
      const scale = tf.div(tf.max(tf.abs(flat), whole ? undefined : 0), 127)
      return { value: tf.reshape(tf.mul(tf.round(tf.div(flat, scale)), scale), w.shape), gradFunc: (dy: tf.Tensor) => dy }
    })(w)
  const shapes: Record<string, number[]> = {
    ...{ 'c1/kernel': [3, 3, 3, 8], 'n1/beta': [8], 'd2/depthwise_kernel': [3, 3, 8, 1], 'n2/beta': [8], 'c3/kernel': [1, 1, 8, 8] },
    ...{ 'n3/beta': [8], 'c4/kernel': [3, 3, 8, 12], 'n4/beta': [12], 'logits/kernel': [12, classes], 'logits/bias': [classes] },
  }
  tf.engine().startScope()
  try {
    const names = Object.keys(shapes)
    const given = names.map((name) => tf.tensor(weights.get(name)!, shapes[name]!))
    const loss = (...values: tf.Tensor[]): tf.Scalar => {
      const w = (name: string) => values[names.indexOf(name)]!
      const image = round(tf.tensor(batches[0]!.images, [16, side, side, 3]), 'image')
      const stem = round(
        tf.relu(tf.add(tf.conv2d(image as tf.Tensor4D, rounded(w('c1/kernel')) as tf.Tensor4D, 1, 'same'), w('n1/beta'))),
        'a1',
      )
      const wide = round(
        tf.relu6(
          tf.add(tf.depthwiseConv2d(stem as tf.Tensor4D, rounded(w('d2/depthwise_kernel')) as tf.Tensor4D, 1, 'same'), w('n2/beta')),
        ),
        'a2',
      )
      const back = round(tf.add(tf.conv2d(wide as tf.Tensor4D, rounded(w('c3/kernel')) as tf.Tensor4D, 1, 'same'), w('n3/beta')), 'n3')
      const sum = round(tf.relu(tf.add(back, stem)), 'a3')
      const less = round(
        tf.relu(tf.add(tf.conv2d(sum as tf.Tensor4D, rounded(w('c4/kernel')) as tf.Tensor4D, 2, 'same'), w('n4/beta'))),
        'a4',
      )
      const pooled = round(tf.mean(tf.maxPool(less as tf.Tensor4D, 2, 2, 'valid'), [1, 2]), 'pool')
      const logits = round(
        tf.add(tf.matMul(pooled as tf.Tensor2D, rounded(w('logits/kernel'), true) as tf.Tensor2D), w('logits/bias')),
        'logits',
      )
      const hot = tf.oneHot(tf.tensor1d(batches[0]!.labels, 'int32'), classes)
      return tf.neg(tf.mean(tf.sum(tf.mul(hot, tf.logSoftmax(logits)), 1))) as tf.Scalar
    }
    const gradients = tf.grads(loss)(given)
    return new Map(names.map((name, i) => [name, gradients[i]!.dataSync().slice() as Float32Array]))
  } finally {
    tf.engine().endScope()
  }
}

test('interrupted before, in and between aware epochs, and resumed: the same bytes and ranges as in one run', async () => {
  // One method for all tensors: choosing takes most of the time.
  const quick = (): FitOptions => ({ ...base(), aware: { ...aware(), method: 'mse' } })
  const straight = quick()
  const whole = await fit(straight)
  for (const stopAt of [11, 14, 16, 18]) {
    let saved: Uint8Array | undefined
    const resume = async (steps: number) => {
      const stop = new AbortController()
      let done = 0
      const options: FitOptions = {
        ...quick(),
        signal: stop.signal,
        onProgress: (p) => void (!p.record && ++done === steps && stop.abort()),
        save: (bytes) => void (saved = bytes),
        ...(saved ? { checkpoint: saved } : {}),
      }
      return { options, result: await fit(options) }
    }
    await expect(resume(stopAt)).rejects.toMatchObject({ code: 'interrupted' })
    const { options, result } = await resume(Number.POSITIVE_INFINITY)
    expect(readWeights(options.model), `stopped after step ${stopAt}`).toEqual(readWeights(straight.model))
    expect(result.ranges).toEqual(whole.ranges)
    expect(result.best).toEqual(whole.best)
  }
})

describe('refusals, before anything runs', () => {
  const code = (change: Partial<FitOptions>) =>
    fit({ ...base(), ...change }).then(
      ({ history }) => history.at(-1)!.validationLoss < 0.3,
      (error) => error.code,
    )
  const small = (...layers: tfl.layers.Layer[]) => {
    const model = tfl.sequential()
    for (const layer of [tfl.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [side, side, 3] }), ...layers]) model.add(layer)
    model.add(tfl.layers.flatten())
    model.add(tfl.layers.dense({ units: classes, activation: 'softmax' }))
    drawWeights(model, 4)
    return model
  }
  test('a backend without fake quantisation', async () => expect(await code({ backend: eager })).toBe('aware-backend'))
  test('a normalisation that nothing takes in', async () =>
    expect(await code({ model: small(tfl.layers.reLU(), tfl.layers.batchNormalization()) })).toBe('aware-layer'))
  test('an activation that stays smooth', async () =>
    expect(await code({ model: small(tfl.layers.activation({ activation: 'mish' })) })).toBe('aware-layer'))
  test('a final phase without a whole epoch', async () =>
    expect(await code({ recipe: { ...recipe, phases: { from: 0.1, to: 0.9 } } })).toBe('aware-too-short'))
  test('a network that fits is taken', async () =>
    expect(await code({ model: small(tfl.layers.batchNormalization(), tfl.layers.reLU()) })).toBe(true))
})
