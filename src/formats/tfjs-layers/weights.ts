/** Weights of a layer as constants of the graph, in TFLite's order of axes. */
import { assert } from '../../errors.ts'
import type { Shape } from '../../graph/ir/graph.ts'
import type { Growth } from '../grow.ts'
import type { LayerSpec } from './define.ts'

/** A vector such as a bias, or undefined where the layer has none. */
export function vector(layer: LayerSpec, name: string, graph: Growth): number | undefined {
  const found = layer.weight(name)
  return found && graph.constant(`${layer.name}/${name}`, found.shape, () => found.data)
}

/** A vector that a layer may leave out, filled with its neutral value then. */
export const vectorOr = (layer: LayerSpec, name: string, length: number, value: number, graph: Growth): number =>
  vector(layer, name, graph) ?? graph.constant(`${layer.name}/${name}`, [length], () => new Float32Array(length).fill(value))

function weightOf(layer: LayerSpec, name: string) {
  const found = layer.weight(name)
  assert(found, `layer ${layer.name} has no ${name}`)
  return found
}

/** [H, W, I, O] as [O, H, W, I], and [I, O] as [O, I]: the last axis goes first. */
export function lastAxisFirst(layer: LayerSpec, name: string, graph: Growth): number {
  const { shape, data } = weightOf(layer, name)
  const outputs = shape.at(-1)!
  const inner = data.length / outputs
  return graph.constant(`${layer.name}/${name}`, [outputs, ...shape.slice(0, -1)], () =>
    data.map((_, i) => data[(i % inner) * outputs + Math.floor(i / inner)]!),
  )
}

/** [H, W, O, I] as [O, H, W, I]: the kernel of a transposed convolution. */
export function thirdAxisFirst(layer: LayerSpec, name: string, graph: Growth): number {
  const { shape, data } = weightOf(layer, name)
  const [height, width, outputs, inputs] = shape as Shape & [number, number, number, number]
  const taps = height * width
  const from = (i: number): number => ((Math.floor(i / inputs) % taps) * outputs + Math.floor(i / (inputs * taps))) * inputs + (i % inputs)
  return graph.constant(`${layer.name}/${name}`, [outputs, height, width, inputs], () => data.map((_, i) => data[from(i)]!))
}

/** [H, W, C, M] as [1, H, W, C * M]: the same elements in the same order. */
export function depthwiseKernel(layer: LayerSpec, graph: Growth): { readonly kernel: number; readonly multiplier: number } {
  const { shape, data } = weightOf(layer, 'depthwise_kernel')
  const [h, w, c, multiplier] = shape as Shape & [number, number, number, number]
  return { kernel: graph.constant(`${layer.name}/depthwise_kernel`, [1, h, w, c * multiplier], () => data), multiplier }
}
