/** What refinements know of a linear layer's input: its mean, and how the values under one window go together. */
import type { FastKernels, Products } from '../../execute/define.ts'
import { type Graph, size } from '../../graph/ir/graph.ts'
import { windowOf } from '../../graph/math/window.ts'
import { lift } from '../../graph/ops/kit/accumulate.ts'
import { opOf } from '../../graph/ops/registry.ts'
import { type Linear, weightedAt } from '../../graph/passes/linear.ts'
import type { Kernels, Observer } from '../calibrate.ts'
import { plainProducts } from './products.ts'

export type Observed = {
  /** Sum over samples of the whole input tensor. */
  readonly sum: Float64Array
  /**
   * Sums of x[i] x[j] over windows of `depth` values; of a depthwise convolution for each channel by itself. Absent for layers whose windows
   * are no plain patches (groups, more than 1,024 values).
   */
  readonly products?: Products
  readonly depth: number
  /** Matrices of products: 1, or one for each channel. */
  readonly channels: number
  samples: number
  windows: number
}

/** Sums of products are taken over at most so many multiplications a layer: some 30 ms. */
const budget = 3e7

const deepest = 1024

/** By node index. */
export function observing(
  graph: Graph<'folded'>,
  samples: number,
  kernels?: Kernels,
): { readonly layers: ReadonlyMap<number, Observed>; readonly observe: Observer } {
  const layers = new Map<number, Observed>()
  const productsOf = kernels?.().products ?? plainProducts
  const readers = new Map<number, ((x: Float32Array) => void)[]>()
  for (const n of graph.nodes.keys()) {
    const linear = weightedAt(graph, n)
    if (!linear) continue
    const x = linear.node.inputs[linear.slots[0]]!
    const { layer, add } = observer(graph, linear, samples, productsOf)
    layers.set(n, layer)
    readers.set(x, [...(readers.get(x) ?? []), add])
  }
  return { layers, observe: (t, data) => void readers.get(t)?.forEach((add) => void add(data)) }
}

function observer(
  graph: Graph,
  linear: Linear,
  samples: number,
  productsOf: FastKernels['products'],
): { layer: Observed; add: (x: Float32Array) => void } {
  const { node, slots } = linear
  const { shape } = graph.tensors[node.inputs[slots[0]]!]!
  const windows = windowsOf(graph, linear)
  const { depth, channels } = windows ?? { depth: 0, channels: 0 }
  const products = windows && productsOf(depth, channels)
  const sum = new Float64Array(size(shape))
  const layer = { sum, depth, channels, samples: 0, windows: 0, ...(products && { products }) }
  const wanted = windows ? Math.max(1, Math.ceil(Math.max(2 * depth, budget / (channels * depth * depth)) / samples)) : 0
  const step = windows ? Math.max(1, Math.floor(windows.count / wanted)) : 0
  const patch = new Float32Array(channels * depth)
  const add = (x: Float32Array): void => {
    for (let i = 0; i < x.length; i++) sum[i]! += x[i]!
    layer.samples++
    // Where windows are left out, other ones each time.
    if (!windows) return
    for (let at = layer.samples % step; at < windows.count; at += step) {
      windows.read(x, at, patch)
      products!.add(patch)
      layer.windows++
    }
  }
  return { layer, add }
}

type Windows = {
  readonly count: number
  readonly depth: number
  readonly channels: number
  read(x: Float32Array, at: number, patch: Float32Array): void
}

/** How to read the values under the `at`-th window: tap by tap, all channels of each. */
function windowsOf(graph: Graph, { node, slots, weights }: Linear): Windows | undefined {
  const [x, y] = [graph.tensors[node.inputs[slots[0]]!]!, graph.tensors[node.outputs[0]!]!]
  const { family } = opOf(node)
  if (family === 'dense') {
    const depth = size(weights.shape.slice(1))
    return depth > deepest
      ? undefined
      : {
          count: size(x.shape) / depth,
          depth,
          channels: 1,
          read: (data, at, patch) => patch.set(data.subarray(at * depth, (at + 1) * depth)),
        }
  }
  const [channels, [, kernelH, kernelW]] = [x.shape[3]!, weights.shape as [number, number, number, number]]
  if (slots[0] !== 0 || x.shape.length !== 4) return undefined
  const w = windowOf(node.attrs as never, x.shape, [kernelH, kernelW], y.shape)
  const [taps, perImage] = [kernelH * kernelW, w.outH * w.outW]
  const read = (data: Float32Array, at: number, patch: Float32Array): void => {
    const [image, inside] = [Math.floor(at / perImage), at % perImage]
    lift(data, w, channels, 0, image, Math.floor(inside / w.outW) * w.strideH - w.top, (inside % w.outW) * w.strideW - w.left, patch)
  }
  const count = w.batch * perImage
  if (family === 'depthwise') return { count, depth: taps, channels, read }
  return family === 'conv' && weights.shape[3] === channels && taps * channels <= deepest
    ? { count, depth: taps * channels, channels: 1, read }
    : undefined
}
