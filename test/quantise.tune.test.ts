/** Ranges by score, equalisation, adaptive rounding and bias correction: each against what it promises on networks with seeded weights. */
import * as tf from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, test } from 'vitest'
import { prepareExecutor } from '../src/execute/execute.ts'
import { importLayers } from '../src/formats/tfjs-layers/import-layers.ts'
import { writeTflite } from '../src/formats/tflite/write.ts'
import type { Graph } from '../src/graph/ir/graph.ts'
import { key, normal, shuffled } from '../src/graph/math/random.ts'
import { foldGraph } from '../src/graph/passes/fold-graph.ts'
import { stripGraph } from '../src/graph/passes/strip-graph.ts'
import { calibrate } from '../src/quantise/calibrate.ts'
import { calibrationSet } from '../src/quantise/calibration-set.ts'
import { Histogram } from '../src/quantise/histogram.ts'
import { layerError } from '../src/quantise/layer-error.ts'
import { entropy } from '../src/quantise/methods/entropy.ts'
import { judgedTensors, proving, sqnrDb } from '../src/quantise/proof.ts'
import { quantiseGraph } from '../src/quantise/quantise.ts'
import { correctBias } from '../src/quantise/refine/correct-bias.ts'
import { equalisation, equalise, pairsOf } from '../src/quantise/refine/equalise.ts'
import { observing } from '../src/quantise/refine/observe.ts'
import { roundWeights } from '../src/quantise/refine/round-weights.ts'
import { type Scheme, tfliteScheme } from '../src/quantise/scheme.ts'
import { sensitivity } from '../src/quantise/sensitivity.ts'
import { tune } from '../src/quantise/tune.ts'
import { type Chain, chain, executed, images, modelOf } from './support/layers-models.ts'

beforeAll(async () => {
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
})

const shape = [8, 8, 3]
const perTensor: Scheme = { ...tfliteScheme, weights: 'per-tensor' }
/** Convolution, depthwise convolution, convolution, classifier: every kind of weight. */
const network = (maxValue?: number) =>
  chain(
    layers.conv2d({ filters: 8, kernelSize: 3, padding: 'same', name: 'a' }),
    layers.reLU({ ...(maxValue && { maxValue }), name: 'a_act' }),
    layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', name: 'b' }),
    layers.reLU({ ...(maxValue && { maxValue }), name: 'b_act' }),
    layers.conv2d({ filters: 6, kernelSize: 1, name: 'c' }),
    layers.reLU({ name: 'c_act' }),
    layers.globalAveragePooling2d({ name: 'pool' }),
    layers.dense({ units: 5, name: 'logits' }),
    layers.activation({ activation: 'softmax', name: 'softmax' }),
  )
const fold = (make: Chain, seed = 1) => foldGraph(stripGraph(importLayers(modelOf(shape, make, seed))))
const inputs = (count: number, seed = 2) => Array.from({ length: count }, (_, i) => images(shape, 1, seed * 1000 + i))
const named = (graph: Graph, name: string) => graph.tensors.find((t) => t.name === name)!

/** The same function with channels of very different weights: the output channels of `a` times powers of two, undone in `b`. */
function unbalanced(graph: Graph<'folded'>): Graph<'folded'> {
  const exponents = Object.fromEntries(pairsOf(graph).map(({ tensor }) => [graph.tensors[tensor]!.name, [0, -5, 3, 5, -3, 1, 0, 4]]))
  return equalise(graph, { a_act: exponents.a_act! })
}

describe('entropy', () => {
  test('clips what is far out and alone, and keeps a plain range', () => {
    const plain = new Histogram()
    plain.add(Float32Array.from({ length: 50_000 }, (_, i) => i / 50_000))
    expect(entropy.range(plain).max).toBeGreaterThan(0.9)
    const tailed = new Histogram()
    tailed.add(Float32Array.from({ length: 50_000 }, (_, i) => Math.max(0, normal(key(1, 'test'), i))))
    tailed.add([60])
    const { min, max } = entropy.range(tailed)
    expect(min).toBe(0)
    expect(max).toBeGreaterThan(2)
    expect(max).toBeLessThan(10)
  })
})

describe('a tuned graph', () => {
  test.each([1, 2, 3])('with auto is never worse than with min-max on its calibration set (seed %i)', (seed) => {
    const folded = fold(network(), seed)
    const set = calibrationSet(folded, inputs(12, seed))
    const [plain, best] = ['min-max', 'auto'].map((method) => tune(folded, set, { method, refine: false }))
    expect(best!.sqnrDb).toBeGreaterThanOrEqual(plain!.sqnrDb)
    expect(best!.steps.map(({ name }) => name)).toEqual(['auto-ranges'])
    const { proof, observe } = proving(folded, set.inputs)
    calibrate(folded, set.inputs, [observe])
    expect(sqnrDb(best!.graph, proof)).toBe(best!.sqnrDb)
  })
  test('has the same bytes for any order of its inputs', () => {
    const folded = fold(network(6))
    const batch = inputs(12)
    const other = Array.from(shuffled(key(3, 'test'), batch.length), (i) => batch[i]!)
    const bytes = [batch, other].map((b) => writeTflite(tune(folded, calibrationSet(folded, b)).graph))
    expect(Buffer.compare(bytes[0]!, bytes[1]!)).toBe(0)
  })
  test('keeps only steps that help, and says what each did', () => {
    const folded = unbalanced(fold(network()))
    const { steps, sqnrDb: end, graph } = tune(folded, calibrationSet(folded, inputs(12)), { scheme: perTensor })
    expect(steps.map(({ name }) => name)).toEqual(['equalisation', 'auto-ranges', 'adaptive-rounding', 'bias-correction'])
    for (const { kept, beforeDb, afterDb } of steps) expect(kept).toBe(afterDb > beforeDb + (kept ? 0 : 0.05))
    expect(steps[0]!.kept).toBe(true)
    expect(steps[0]!.afterDb - steps[0]!.beforeDb).toBeGreaterThan(3)
    expect(end).toBeGreaterThanOrEqual(steps.at(-1)!.beforeDb)
    expect(graph.tensors.every(({ quant }) => !quant || quant.scale.length === 1)).toBe(true)
  })
  test('has power-of-two and symmetric scales where they are asked for', () => {
    const folded = fold(network())
    const scheme: Scheme = { weights: 'per-tensor', symmetric: true, powerOfTwo: true }
    const { graph } = tune(folded, calibrationSet(folded, inputs(6)), { scheme, method: 'min-max' })
    for (const { quant, name } of graph.tensors) {
      if (!quant) continue
      if (name !== 'softmax') expect(quant.zero).toEqual([0])
      for (const s of quant.scale) expect(Number.isInteger(Math.log2(s))).toBe(true)
    }
  })
  test('is judged by its logits, not by a softmax', () => {
    const folded = fold(network())
    expect(judgedTensors(folded).map((t) => folded.tensors[t]!.name)).toEqual(['logits'])
  })
})

describe('equalisation', () => {
  test('changes no bit of what the float network computes', () => {
    const folded = unbalanced(fold(network()))
    const exponents = equalisation(folded, () => [])
    expect(Object.keys(exponents).sort()).toEqual(['a_act', 'b_act'])
    const batch = images(shape, 4)
    expect(executed(equalise(folded, exponents), batch)).toEqual(executed(folded, batch))
  })
  test('keeps what was seen below the clip of ReLU6', () => {
    const folded = fold(network(6), 5)
    const loud = equalise(folded, {})
    const batch = inputs(6).map((x) => x.map((v) => 4 * v))
    const peaks = new Map<number, Float64Array>()
    const note = (t: number, data: Float32Array): void => {
      const n = folded.tensors[t]!.shape.at(-1)!
      const peak = peaks.get(t) ?? new Float64Array(n)
      for (const [i, v] of data.entries()) peak[i % n] = Math.max(peak[i % n]!, v)
      peaks.set(t, peak)
    }
    calibrate(loud, batch, [note])
    const exponents = equalisation(folded, (t) => peaks.get(t)!)
    expect(Object.keys(exponents).length).toBeGreaterThan(0)
    const flat = Float32Array.from(batch.flatMap((x) => [...x]))
    expect(executed(equalise(folded, exponents), flat)).toEqual(executed(folded, flat))
    const a = folded.tensors.findIndex(({ name }) => name === 'a_act')
    const clipped = [...peaks.get(a)!].flatMap((p, c) => (p >= 6 ? [c] : []))
    expect(clipped.length).toBeGreaterThan(0)
    for (const c of clipped) expect(exponents.a_act?.[c] ?? 0).toBe(0)
  })
})

describe('refinements', () => {
  const observed = (make: Chain, scheme = tfliteScheme, count = 40) => {
    const folded = fold(make, 7)
    // Values that go together, as neighbouring pixels do: of independent ones the nearest integers are the best.
    const set = inputs(count).map((x) => x.map((v) => v + 1))
    const { layers: seen, observe } = observing(folded, set.length)
    const int8 = quantiseGraph(folded, calibrate(folded, set, [observe]), undefined, scheme)
    return { folded, int8, seen, set }
  }
  /** The float network with one layer's weights as int8 says them: what the layer answers to exact inputs. */
  const withWeights = (folded: Graph<'folded'>, int8: Graph<'quantised'>, weight: string): Graph<'folded'> => ({
    ...folded,
    tensors: folded.tensors.map((t) => {
      if (t.name !== weight) return t
      const { data, quant, shape: dims } = named(int8, weight)
      const inner = dims.slice(quant!.axis + 1).reduce((p, q) => p * q, 1)
      const at = (i: number) => (quant!.scale.length > 1 ? Math.floor(i / inner) % quant!.scale.length : 0)
      return { ...t, data: Float32Array.from(data as Int8Array, (q, i) => q * quant!.scale[at(i)]!) }
    }),
  })
  const layerOf = (graph: Graph, name: string, set: readonly Float32Array[]): number[] => {
    const t = graph.tensors.findIndex((x) => x.name === name)
    const values: number[] = []
    const executor = prepareExecutor(graph)
    for (const x of set) executor.run([x], (at, data) => at === t && void values.push(...(data as Float32Array)))
    return values
  }
  test.each([
    ['a convolution', 'a'],
    ['a depthwise convolution', 'b'],
    ['a dense layer', 'logits'],
  ])('adaptive rounding brings %s closer than the nearest integers do', (_, name) => {
    const { folded, int8, seen, set } = observed(network(), perTensor)
    const refined = roundWeights(folded, int8, seen)
    const node = folded.nodes.find((n) => folded.tensors[n.outputs[0]!]!.name.replace('_act', '') === name)!
    const [weight, output] = [folded.tensors[node.inputs[1]!]!.name, folded.tensors[node.outputs[0]!]!.name]
    const exact = layerOf(folded, output, set)
    const noise = (graph: Graph<'quantised'>) =>
      layerOf(withWeights(folded, graph, weight), output, set).reduce((sum, v, i) => sum + (v - exact[i]!) ** 2, 0)
    expect(noise(refined)).toBeLessThan(0.9 * noise(int8))
    const [before, after] = [int8, refined].map((g) => named(g, weight).data as Int8Array)
    for (const [i, q] of after!.entries()) expect(Math.abs(q - before![i]!)).toBeLessThanOrEqual(1)
  })
  test('bias correction takes away the mean error of weights', () => {
    const { folded, int8, seen, set } = observed(chain(layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', name: 'a' })), perTensor)
    // Rounding down instead of to the nearest leaves a mean error worth correcting.
    const floored: Graph<'quantised'> = {
      ...int8,
      tensors: int8.tensors.map((t) =>
        t.dtype === 'int8' && t.data ? { ...t, data: (t.data as Int8Array).map((q) => Math.max(-127, q - 2)) } : t,
      ),
    }
    const corrected = correctBias(folded, floored, seen)
    const meanError = (graph: Graph<'quantised'>) => {
      const bias = named(graph, 'a/bias')
      const answers = layerOf(withWeights(folded, graph, 'a/kernel'), 'a', set)
      const exact = layerOf(folded, 'a', set)
      const change = (c: number) => (bias.data![c] as number) * bias.quant!.scale.at(bias.quant!.scale.length > 1 ? c : 0)!
      const real = named(folded, 'a/bias').data as Float32Array
      const sums = new Float64Array(4)
      for (const [i, v] of answers.entries()) sums[i % 4]! += v - exact[i]! + change(i % 4) - real[i % 4]!
      return Math.max(...sums.map((s) => Math.abs((4 * s) / answers.length)))
    }
    expect(seen.size).toBe(1)
    expect(meanError(corrected)).toBeLessThan(0.02 * meanError(floored))
  })
})

describe('layer errors', () => {
  test('agree with each other, and name who loses', () => {
    const folded = fold(network())
    const int8 = quantiseGraph(folded, calibrate(folded, inputs(6)))
    const [good] = [layerError(folded, int8, inputs(4))]
    for (const { sqnrDb: db, l2Relative, cosine, maxError, meanError } of good!) {
      if (Number.isFinite(db)) expect(10 ** (-db / 20)).toBeCloseTo(l2Relative, 6)
      expect(cosine).toBeGreaterThan(1 - l2Relative ** 2)
      expect(meanError).toBeLessThanOrEqual(maxError)
    }
  })
})

describe('sensitivity', () => {
  test('of a layer is what the network loses when it alone is int8', () => {
    const folded = fold(network(), 9)
    const set = inputs(8)
    const int8 = quantiseGraph(folded, calibrate(folded, set))
    const logits = int8.nodes.findIndex((n) => int8.tensors[n.outputs[0]!]!.name === 'logits')
    // A classifier whose weights have lost five of their bits.
    const weights = int8.nodes[logits]!.inputs[1]!
    const poor = int8.tensors.map((t, i) => (i === weights ? { ...t, data: (t.data as Int8Array).map((q) => q & ~31) } : t))
    const [good, bad] = [int8, { ...int8, tensors: poor }].map((g) => sensitivity(folded, g, set, [0, 1, 2, 3, 4, 0, 1, 2]))
    expect(good!.map(({ name }) => name)).toEqual(folded.nodes.map((n) => folded.tensors[n.outputs[0]!]!.name))
    for (const [i, { name, sqnrDb: db, accuracy }] of good!.entries()) {
      expect(accuracy).toBeGreaterThanOrEqual(0)
      if (name === 'logits') expect(bad![i]!.sqnrDb).toBeLessThan(db - 6)
      else expect(bad![i]!.sqnrDb).toBe(db)
    }
    // What comes behind the judged logits costs them nothing.
    expect(good!.at(-1)!.sqnrDb).toBe(Number.POSITIVE_INFINITY)
  })
})
