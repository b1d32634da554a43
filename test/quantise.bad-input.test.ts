/** What calibration sets, weights and graphs are refused or warned of on the way to int8, and what is said. */
import * as tf from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, test } from 'vitest'
import { importLayers } from '../src/formats/tfjs-layers/import-layers.ts'
import type { Graph } from '../src/graph/ir/graph.ts'
import { foldGraph } from '../src/graph/passes/fold-graph.ts'
import { stripGraph } from '../src/graph/passes/strip-graph.ts'
import { type AccumulatorBound, accumulatorBounds, accumulatorFindings } from '../src/quantise/accumulators.ts'
import { calibrate } from '../src/quantise/calibrate.ts'
import { calibrationSet, shareOutside } from '../src/quantise/calibration-set.ts'
import { flagsOf, layerError } from '../src/quantise/layer-error.ts'
import { quantiseGraph } from '../src/quantise/quantise.ts'
import { requireFinite } from '../src/quantise/weights-finite.ts'
import { requireNoSmooth } from '../src/stages/smooth-left.ts'
import { loadTarget } from '../src/target/profiles/load.ts'
import { chain, images, modelOf } from './support/layers-models.ts'

beforeAll(async () => {
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
})

const shape = [4, 4, 2]
const imported = (...list: layers.Layer[]) => importLayers(modelOf(shape, chain(...list)))
const folded = () => foldGraph(stripGraph(imported(layers.conv2d({ filters: 3, kernelSize: 3, name: 'c' }))))
const code = (expected: string, message = '') => expect.objectContaining({ code: expected, message: expect.stringContaining(message) })

describe('a calibration set', () => {
  test.each<[string, Float32Array[], string]>([
    ['that is empty', [], 'no-calibration-data'],
    ['of the wrong shape', [new Float32Array(31)], 'calibration-shape'],
    ['that is constant', [new Float32Array(64).fill(0.5)], 'calibration-constant'],
  ])('%s is refused', (_, batches, expected) => {
    expect(() => calibrationSet(folded(), batches)).toThrow(code(expected))
  })
  test('of the wrong range gives a warning with the share', () => {
    const one = images(shape, 1).map((v, i) => (i < 8 ? 2 : Math.abs(v) % 1))
    const { warnings, inputs } = calibrationSet(folded(), [one, one], { min: 0, max: 1 })
    expect(warnings).toEqual([expect.stringContaining('1 of 2'), expect.stringMatching(/^25 % .* 0 to 1$/)])
    expect(shareOutside(inputs, { min: 0, max: 2 })).toBe(0)
  })
})

test('weights with a NaN are refused by name', () => {
  const graph = imported(layers.conv2d({ filters: 3, kernelSize: 3, name: 'c' }))
  const tensors = graph.tensors.map((t) => (t.name === 'c/kernel' ? { ...t, data: (t.data as Float32Array).with(3, Number.NaN) } : t))
  expect(() => requireFinite(graph)).not.toThrow()
  expect(() => requireFinite({ ...graph, tensors })).toThrow(
    expect.objectContaining({ code: 'not-finite-weights', found: expect.stringContaining('c/kernel (1 of 54)') }),
  )
})

describe('a sum of products', () => {
  const made = () => {
    const graph = folded()
    return quantiseGraph(graph, calibrate(graph, [images(shape, 4)]))
  }
  test('has the bound that the worst input reaches', () => {
    const int8 = made()
    const [{ bound, place }] = accumulatorBounds(int8) as [AccumulatorBound]
    const [w, b] = int8.nodes[0]!.inputs.slice(1).map((t) => int8.tensors[t]!.data!) as [Int8Array, Int32Array]
    const zero = int8.tensors[int8.inputs[0]!]!.quant!.zero[0]!
    const worst = [0, 1, 2].map(
      (o) => w.slice(o * 18, (o + 1) * 18).reduce((s, q) => s + Math.abs(q), 0) * Math.max(127 - zero, zero + 128) + Math.abs(b[o]!),
    )
    expect([place, bound]).toEqual(['c', Math.max(...worst)])
    expect(accumulatorFindings(int8)).toEqual([])
  })
  test('that may not fit 32 bits is named with it', () => {
    const int8 = made()
    const bias = int8.nodes[0]!.inputs[2]!
    const tensors = int8.tensors.map((t, i) => (i === bias ? { ...t, data: Int32Array.of(0, 2 ** 31 - 1, 0) } : t))
    const [finding] = accumulatorFindings({ ...int8, tensors })
    expect(finding).toMatch(/^conv-2d at c can add up to 21\d+, and 32 bits hold 2147483647/)
  })
})

describe('a smooth activation', () => {
  const graph = (activation: string) =>
    stripGraph(
      imported(
        layers.conv2d({ filters: 3, kernelSize: 3, name: 'c' }),
        layers.activation({ activation: activation as never, name: 'soft' }),
        layers.flatten(),
        layers.dense({ units: 2, activation: 'sigmoid', name: 'd' }),
      ),
    )
  test('that the accelerator lacks is refused by the name of its layer', () => {
    expect(() => requireNoSmooth(graph('elu'), loadTarget('ethos-u55-128'))).toThrow(
      expect.objectContaining({ code: 'smooth-activation', found: 'elu at soft', hint: expect.stringContaining('--allow') }),
    )
  })
  test('that it has, ReLU, and one at the very end stay', () => {
    expect(() => requireNoSmooth(graph('tanh'), loadTarget('ethos-u55-128'))).not.toThrow()
    expect(() => requireNoSmooth(graph('relu'), loadTarget('systolic'))).not.toThrow()
    expect(() => requireNoSmooth(graph('tanh'), loadTarget('systolic'))).toThrow(code('smooth-activation', 'tanh'))
  })
})

test('a layer that loses is flagged, and it alone', () => {
  const graph = foldGraph(
    stripGraph(imported(layers.conv2d({ filters: 3, kernelSize: 3, name: 'c' }), layers.flatten(), layers.dense({ units: 4, name: 'd' }))),
  )
  const int8 = quantiseGraph(graph, calibrate(graph, [images(shape, 6)]))
  const names = (g: Graph<'quantised'>) => layerError(graph, g, [images(shape, 6)]).flatMap((e) => (flagsOf(e).length ? [e.name] : []))
  expect(names(int8)).toEqual([])
  const weights = int8.nodes.at(-1)!.inputs[1]!
  const broken = int8.tensors.map((t, i) => (i === weights ? { ...t, data: (t.data as Int8Array).map((q) => q & ~63) } : t))
  expect(names({ ...int8, tensors: broken })).toEqual(['d'])
})
