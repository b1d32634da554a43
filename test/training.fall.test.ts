/** The warning of a fall of validation in the transition. */
import * as tfl from '@tensorflow/tfjs-layers'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import type { EpochRecord } from '../src/training/fit/define.ts'
import { fallWarning } from '../src/training/fit/fall.ts'
import { Ensemble } from '../src/training/pea/ensemble.ts'

beforeAll(() => tf.setBackend('cpu'))

const model = (...made: tfl.layers.Layer[]) => {
  const input = tfl.input({ shape: [4] })
  return tfl.model({ inputs: input, outputs: made.reduce((x, layer) => layer.apply(x) as tfl.SymbolicTensor, input) })
}
const gelu = (name: string) => new Ensemble({ mix: 'weighted', activation: 'gelu', base: 'relu', name })
const history = (epochs: readonly (readonly [accuracy: number, alpha: number])[], more: Partial<EpochRecord> = {}): EpochRecord[] =>
  epochs.map(([validationAccuracy, alpha], epoch) => ({
    ...{ epoch, loss: 1, accuracy: 0.5, validationLoss: 1, validationAccuracy, alpha, rate: 0.1, imagesPerSecond: 1 },
    ...more,
  }))

test('a fall of more than two points below the best so far is said, with alpha and the ensembles', () => {
  const net = model(gelu('a'), gelu('b'), new Ensemble({ mix: 'stochastic', activation: 'mish', base: 'relu', name: 'c' }))
  const says = fallWarning(history([[0.8, 0], [0.9, 0.4], [0.874, 0.7]]), net) // biome-ignore format: a table
  expect(says).toContain('fell by 2.6 points in the transition, at alpha 0.70: weighted gelu (2 layers), stochastic mish (c).')
  expect(
    fallWarning(
      history([
        [0.8, 0],
        [0.9, 0.4],
        [0.4, 1],
      ]),
      net,
    ),
  ).toContain('fell by 50.0 points')
})

test.each<[string, [number, number][]]>([
  ['two points or less', [[0.9, 0.4], [0.8801, 0.7]]],
  ['before the transition', [[0.9, 0], [0.7, 0]]],
  ['after it', [[0.9, 0.5], [0.9, 1], [0.7, 1]]],
  ['said of the epoch before', [[0.9, 0.3], [0.8, 0.5], [0.81, 0.7]]],
  ['the first epoch', [[0.1, 0.1]]],
])('nothing is said: %s', (_, epochs) => expect(fallWarning(history(epochs), model(gelu('a')))).toBeUndefined()) // biome-ignore format: a table

test('a fall is said again after a recovery; masks count by mean IoU; a model without ensembles falls for other reasons', () => {
  const again = history([[0.9, 0.3], [0.8, 0.5], [0.9, 0.6], [0.85, 0.7]]) // biome-ignore format: a table
  expect(fallWarning(again, model(gelu('a')))).toContain('5.0 points')
  expect(fallWarning(again, model(tfl.layers.reLU()))).toBeUndefined()
  const masks = [...history([[0.9, 0.3]], { validationMeanIou: 0.6 }), ...history([[0.9, 0.5]], { validationMeanIou: 0.5 })]
  expect(fallWarning(masks, model(gelu('a')))).toContain('10.0 points')
})
