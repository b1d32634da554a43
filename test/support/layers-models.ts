/** Small tf.LayersModels with seeded weights, and their answers, for tests of what is made of them. */
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { prepareExecutor } from '../../src/execute/execute.ts'
import { type Graph, size } from '../../src/graph/ir/graph.ts'
import { key, normal, uniform } from '../../src/graph/math/random.ts'

export type Chain = (x: tfl.SymbolicTensor) => tfl.SymbolicTensor

/** One layer after the other. */
export const chain =
  (...list: tf.serialization.Serializable[]): Chain =>
  (x) =>
    list.reduce((at, layer) => (layer as tfl.layers.Layer).apply(at as never) as never, x)

/** A model of one input; weights normal, moving variances in [0.5, 1.5). */
export function modelOf(shape: readonly number[], make: Chain, seed = 1): tfl.LayersModel {
  const x = tfl.input({ shape: [...shape], name: 'image' })
  const model = tfl.model({ inputs: x, outputs: make(x as never) as never, name: 'small' })
  return seeded(model, seed)
}

export function seeded(model: tfl.LayersModel, seed: number): tfl.LayersModel {
  model.weights.forEach((weight, w) => {
    const draws = key(seed, 'test', w)
    const fan = size((weight.shape as number[]).slice(0, -1))
    const kind = weight.originalName.split('/').at(-1)!
    const value = (i: number): number => {
      if (kind === 'moving_variance') return 0.5 + uniform(draws, i)
      if (kind === 'gamma') return 0.5 + uniform(draws, i)
      return kind.endsWith('kernel') ? normal(draws, i) / Math.sqrt(fan) : 0.3 * normal(draws, i)
    }
    weight.write(
      tf.tensor(
        Float32Array.from({ length: size(weight.shape as number[]) }, (_, i) => value(i)),
        weight.shape as number[],
      ),
    )
  })
  return model
}

/** `count` inputs one after the other, normal draws. */
export const images = (shape: readonly number[], count: number, seed = 2): Float32Array =>
  Float32Array.from({ length: count * size(shape) }, (_, i) => normal(key(seed, 'test'), i))

export function predicted(model: tfl.LayersModel, batch: Float32Array): Float32Array {
  const shape = model.inputs[0]!.shape.slice(1) as number[]
  return tf.tidy(() => {
    const out = model.predict(tf.tensor(batch, [batch.length / size(shape), ...shape])) as tf.Tensor | tf.Tensor[]
    return Float32Array.from([out].flat().flatMap((t) => [...t.dataSync()]))
  })
}

/** The graph's first output for each input of a batch. */
export function executed(graph: Graph, batch: Float32Array): Float32Array {
  const [length, executor] = [size(graph.tensors[graph.inputs[0]!]!.shape), prepareExecutor(graph)]
  const parts: number[] = []
  for (let at = 0; at < batch.length; at += length)
    for (const v of executor.run([batch.subarray(at, at + length)])[0]!) parts.push(Number(v))
  return Float32Array.from(parts)
}

/** The largest difference as a share of the largest value. */
export function apart(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY
  const largest = b.reduce((m, v) => Math.max(m, Math.abs(v)), 0)
  return a.reduce((m, v, i) => Math.max(m, Math.abs(v - b[i]!)), 0) / largest
}
