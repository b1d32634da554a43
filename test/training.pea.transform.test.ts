/** Any model to its PEA form and back: what is turned, what is chosen for each layer, and that answers and weights stay. */
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, test } from 'vitest'
import { importLayers } from '../src/formats/tfjs-layers/import-layers.ts'
import { stripGraph } from '../src/graph/passes/strip-graph.ts'
import { eager } from '../src/training/backends/eager/eager.ts'
import { wasm } from '../src/training/backends/wasm/wasm.ts'
import type { Recipe } from '../src/training/fit/define.ts'
import { recipes } from '../src/training/fit/find-recipe.ts'
import { fit } from '../src/training/fit/fit.ts'
import { plain } from '../src/training/pea/activations.ts'
import { alphaSvg } from '../src/training/pea/alpha-svg.ts'
import type { PeaOptions } from '../src/training/pea/choose.ts'
import { smoothActivations } from '../src/training/pea/define.ts'
import { findEnsembles } from '../src/training/pea/find-ensembles.ts'
import { pea } from '../src/training/pea/pea.ts'
import { planFor } from '../src/training/pea/plan.ts'
import { copyOf, rebuild } from '../src/training/pea/rebuild.ts'
import { schedule, withPhases } from '../src/training/pea/schedule.ts'
import { unpea } from '../src/training/pea/unpea.ts'
import { images, predicted, seeded } from './support/layers-models.ts'

beforeAll(async () => {
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
})

const L = tfl.layers
const options: PeaOptions = { mix: 'weighted', activation: 'elu' }
const shape = [8, 8, 3]
const on = (layer: tfl.layers.Layer, ...x: tfl.SymbolicTensor[]) => layer.apply(x.length === 1 ? x[0]! : x) as tfl.SymbolicTensor

/** ReLU in every form: a layer, an activation, fused, in a nested model, in a layer that is used twice; and what is none. */
function model(): tfl.LayersModel {
  const block = tfl.sequential({
    name: 'block',
    layers: [
      L.depthwiseConv2d({ kernelSize: 3, padding: 'same', activation: 'relu6', name: 'dw', inputShape: [8, 8, 4] }),
      L.batchNormalization({ name: 'bn' }),
      L.reLU({ name: 'act' }),
    ],
  })
  const image = tfl.input({ shape, name: 'image' })
  const twice = L.conv2d({ filters: 4, kernelSize: 1, activation: 'relu', name: 'twice' })
  let x = on(L.conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu', name: 'conv' }), image)
  x = on(twice, on(twice, on(block, x)))
  const sides = [
    on(L.reLU({ maxValue: 6, name: 'six' }), x),
    on(L.leakyReLU({ name: 'leaky' }), x),
    on(L.reLU({ maxValue: 4, name: 'four' }), x),
  ]
  x = on(L.activation({ activation: 'relu', name: 'word' }), on(L.add({ name: 'sum' }), ...sides))
  const logits = on(L.dense({ units: 3, activation: 'softmax', name: 'head' }), on(L.globalAveragePooling2d({ name: 'pool' }), x))
  return seeded(tfl.model({ inputs: image, outputs: logits, name: 'all' }), 3)
}
const names = (m: tfl.LayersModel) => findEnsembles(m).map(({ name, base, replaces }) => `${name} ${base} ${replaces}`)
const withAlpha = (m: tfl.LayersModel, alpha: number) => {
  for (const ensemble of findEnsembles(m)) ensemble.alpha = alpha
  return m
}
/** The ReLUs of the model replaced by a plain smooth activation. */
const smoothed = (m: tfl.LayersModel, activation: (typeof smoothActivations)[number]) =>
  rebuild(unpea(m), (layer) => {
    const word = (layer as unknown as { activation?: { getClassName(): string } }).activation?.getClassName()
    if (layer.getClassName() === 'ReLU' && (layer as unknown as { maxValue?: number }).maxValue !== 4)
      return [plain(activation)(layer.name)]
    return [copyOf(layer, word === 'relu' || word === 'relu6' ? { activation } : {})]
  })

describe('pea', () => {
  test('turns every ReLU and ReLU6, fused, as a layer and nested, and nothing else', () => {
    expect(names(pea(model(), options)).sort()).toEqual([
      'act relu layer',
      'conv_pea relu fused',
      'dw_pea relu6 fused',
      'six relu6 layer',
      'twice_pea relu fused',
      'word relu activation',
    ])
  })

  test('at alpha = 1 answers as the ReLU network does, to the bit; the model itself is left alone', () => {
    const original = model()
    const [before, batch] = [original.toJSON(), images(shape, 3)]
    const answers = predicted(original, batch)
    expect(predicted(withAlpha(pea(original, { mix: 'stochastic', activation: 'mish' }), 1), batch)).toEqual(answers)
    expect(original.toJSON()).toBe(before)
    expect(predicted(original, batch)).toEqual(answers)
  })

  test.each(smoothActivations)('at alpha = 0 answers as the network of plain %s does', (activation) => {
    const batch = images(shape, 3)
    const made = predicted(pea(model(), { mix: 'weighted', activation }), batch)
    const wanted = predicted(smoothed(pea(model(), options), activation), batch)
    // ELU is one kernel of tfjs on both sides; the others are composed of different ones.
    if (activation === 'elu') expect(made).toEqual(wanted)
    else for (const [i, value] of made.entries()) expect(Math.abs(value - wanted[i]!)).toBeLessThan(2e-6)
  })

  test('unpea gives the layers, names and weights back', () => {
    const original = model()
    const back = unpea(pea(original, options))
    const sorted = (m: tfl.LayersModel) =>
      [...m.layers].sort((a, b) => (a.name < b.name ? -1 : 1)).map((l) => [l.getClassName(), JSON.stringify(l.getConfig())])
    expect(sorted(back)).toEqual(sorted(original))
    expect(predicted(back, images(shape, 2))).toEqual(predicted(original, images(shape, 2)))
  })

  test('a Sequential stays one, an ensemble in the first place too', () => {
    const stack = tfl.sequential({
      name: 's',
      layers: [L.reLU({ inputShape: [4], name: 'first' }), L.dense({ units: 2, activation: 'relu', name: 'last' })],
    })
    seeded(stack as tfl.LayersModel, 2)
    const made = pea(stack, options)
    expect(made).toBeInstanceOf(tfl.Sequential)
    expect(names(made)).toEqual(['first relu layer', 'last_pea relu fused'])
    expect(unpea(made).toJSON()).toBe(stack.toJSON())
  })

  test('survives its own JSON and the strip of the graph', async () => {
    const made = withAlpha(pea(model(), { ...options, layers: [{ match: 'conv', phases: { shape: 'cosine' } }] }), 1)
    const copy = await tfl.models.modelFromJSON({ modelTopology: JSON.parse(made.toJSON() as string) })
    expect(names(copy)).toEqual(names(made))
    expect(findEnsembles(copy).find(({ name }) => name === 'conv_pea')!.phases).toEqual({ shape: 'cosine' })
    const slopes = tfl.sequential({ layers: [L.conv2d({ filters: 2, kernelSize: 1, activation: 'relu6', inputShape: shape })] })
    expect(stripGraph(importLayers(withAlpha(pea(slopes, options), 1))).nodes.map(({ op }) => op)).toEqual(['conv-2d', 'relu6'])
  })

  test('chooses by name: a later pattern over an earlier one, none leaves a ReLU', () => {
    const made = pea(model(), {
      ...options,
      layers: [
        { match: 'block/*', mix: 'stochastic', activation: 'gelu' },
        { match: '*/act', phases: { from: 0.5 } },
        { match: 'twice', mix: 'none' },
      ],
    })
    const of = (name: string) => findEnsembles(made).find((e) => e.name === name)
    expect(of('dw_pea')).toMatchObject({ mix: 'stochastic', activation: 'gelu', phases: undefined })
    expect(of('act')).toMatchObject({ mix: 'stochastic', activation: 'gelu', phases: { from: 0.5 } })
    expect(of('conv_pea')).toMatchObject({ mix: 'weighted', activation: 'elu' })
    expect(of('twice_pea')).toBeUndefined()
  })

  test.each([
    ['a pattern that meets nothing', { ...options, layers: [{ match: 'stem*' }] }, 'pea-matches-nothing'],
    ['an activation that cannot fade', { mix: 'weighted', activation: 'tanh' as never }, 'activation-cannot-fade'],
    ['ReLU itself', { mix: 'weighted', activation: 'relu' as never }, 'activation-cannot-fade'],
  ] as const)('%s is refused', (_, given, code) => {
    expect(() => pea(model(), given)).toThrow(expect.objectContaining({ code }))
  })

  test('a model without ReLU is refused', () => {
    const smooth = tfl.sequential({ layers: [L.dense({ units: 1, activation: 'tanh', inputShape: [2] })] })
    expect(() => pea(smooth, options)).toThrow(expect.objectContaining({ code: 'nothing-to-fade' }))
  })
})

describe('schedules', () => {
  const run = { epochs: 10, stepsPerEpoch: 10 }

  test('cosine and jumps begin, pass the middle and end where they must', () => {
    const cosine = schedule({ from: 0.2, to: 0.6, shape: 'cosine' }, run)
    expect([cosine.alpha(19), cosine.alpha(59), cosine.alpha(60)]).toEqual([0, 1, 1])
    expect(cosine.alpha(39)).toBeCloseTo(0.5, 12)
    expect(cosine.alpha(29)).toBeCloseTo((1 - Math.SQRT1_2) / 2, 12)
    const jumps = schedule({ from: 2, to: 6, unit: 'epoch', shape: 'jumps', jumps: 2 }, run)
    expect([19, 20, 38, 39, 58, 59].map(jumps.alpha)).toEqual([0, 0, 0, 0.5, 0.5, 1])
    expect(new Set(Array.from({ length: 100 }, (_, i) => schedule({ from: 0.2, to: 0.6, shape: 'jumps' }, run).alpha(i)))).toEqual(
      new Set([0, 0.25, 0.5, 0.75, 1]),
    )
  })

  test.each(['linear', 'cosine', 'jumps'] as const)('%s never falls', (of) => {
    const { alpha } = schedule({ from: 3, to: 97, unit: 'iteration', shape: of, jumps: 7 }, run)
    for (let i = 1; i < 100; i++) expect(alpha(i)).toBeGreaterThanOrEqual(alpha(i - 1))
  })

  test('no jumps are refused, and borders in two units', () => {
    expect(() => schedule({ from: 0, to: 0.5, shape: 'jumps', jumps: 0 }, run)).toThrow(expect.objectContaining({ code: 'bad-jumps' }))
    expect(() => withPhases({ from: 0.1, to: 0.5 }, { unit: 'epoch', from: 2 })).toThrow(
      expect.objectContaining({ code: 'phases-of-two-units' }),
    )
    expect(withPhases({ from: 0.1, to: 0.5 }, { unit: 'epoch', from: 2, to: 4 })).toEqual({ from: 2, to: 4, unit: 'epoch' })
  })

  const early = () => pea(model(), { ...options, layers: [{ match: 'conv', phases: { from: 0, to: 0.2 } }] })

  test('an ensemble of its own phases follows them; the plan is done when all are', () => {
    const made = early()
    const plan = planFor(made, { from: 0.4, to: 0.6 }, run)
    expect([plan.from, plan.to, plan.curves.length]).toEqual([0, 60, 2])
    expect(plan.set(20)).toBe(0)
    const alphas = () => Object.fromEntries(findEnsembles(made).map(({ name, alpha }) => [name, alpha]))
    expect(alphas()).toMatchObject({ conv_pea: 1, act: 0 })
    expect(plan.set(49)).toBe(0.5)
    expect(alphas()).toMatchObject({ conv_pea: 1, act: 0.5 })
    expect([plan.alpha(59), plan.alpha(60), plan.set(60)]).toEqual([1, 1, 1])
  })

  test('the picture has a curve for each schedule, rises from 0 to 1, and is the same each time', () => {
    const plan = planFor(early(), { from: 0.4, to: 0.6, shape: 'cosine' }, run)
    const svg = alphaSvg(plan.curves, run)
    expect(svg.match(/<polyline/g)).toHaveLength(2)
    expect(svg).toContain('<title>conv_pea</title>')
    const points = /points="([^"]+)"/
      .exec(svg)![1]!
      .split(' ')
      .map((p) => p.split(',').map(Number))
    for (let i = 1; i < points.length; i++) {
      expect(points[i]![0]!).toBeGreaterThanOrEqual(points[i - 1]![0]!)
      expect(points[i]![1]!).toBeLessThanOrEqual(points[i - 1]![1]!)
    }
    expect(alphaSvg(plan.curves, run)).toBe(svg)
    const one = alphaSvg(planFor(pea(model(), options), { from: 0.1, to: 0.75 }, run).curves, run)
    for (const phase of ['initial', 'transition', 'final']) expect(one).toContain(`>${phase}</text>`)
    const many = alphaSvg(planFor(pea(model(), options), { from: 0.1, to: 0.75 }, { epochs: 120, stepsPerEpoch: 5005 }).curves, {
      epochs: 120,
      stepsPerEpoch: 5005,
    })
    expect(many.length).toBeLessThan(20_000)
  })
})

test('a model that somebody made with ReLU trains in its PEA form', async () => {
  const stack = tfl.sequential({
    layers: [L.flatten({ inputShape: [2, 2, 1] }), L.dense({ units: 8, activation: 'relu' }), L.dense({ units: 2, activation: 'softmax' })],
  })
  const made = pea(seeded(stack as tfl.LayersModel, 5), { ...options, layers: [{ match: '*', phases: { shape: 'cosine' } }] })
  const recipe: Recipe = { ...recipes.get('default')!, epochs: 4, batchSize: 8, crop: 0, phases: { from: 0.25, to: 0.5 } }
  const labels = Int32Array.from({ length: 8 }, (_, i) => i % 2)
  const batch = { images: Float32Array.from({ length: 32 }, (_, i) => (labels[i >> 2] ? 1 : -1) * (1 + (i % 3) / 3)), labels, size: 8 }
  const feed = { steps: 1, epoch: () => [batch] }
  const backend = wasm.refuses(made) === undefined ? wasm : eager
  const { history } = await fit({ model: made, backend, recipe, train: feed, validation: feed, seed: 1, threads: 1, digest: '' })
  expect(history.map(({ alpha }) => alpha)).toEqual([0, 1, 1, 1])
  expect(findEnsembles(made)[0]!.alpha).toBe(1)
  expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss)
})
