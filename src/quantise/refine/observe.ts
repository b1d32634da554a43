/** What refinements know of a linear layer's input: its mean, and how the values under one window go together. */
import { type Graph, size } from '../../graph/ir/graph.ts'
import { windowOf } from '../../graph/math/window.ts'
import { lift } from '../../graph/ops/kit/accumulate.ts'
import { opOf } from '../../graph/ops/registry.ts'
import { type Linear, weightedAt } from '../../graph/passes/linear.ts'
import type { Observer } from '../calibrate.ts'

export type Observed = {
  /** Sum over samples of the whole input tensor. */
  readonly sum: Float64Array
  /**
   * Sums of x[i] x[j] over windows, for j from i on: one matrix of depth x depth, or one for each channel of a depthwise convolution. Absent for layers
   * whose windows are no plain patches (groups, more than 1,024 values).
   */
  readonly products?: Float64Array
  readonly depth: number
  samples: number
  windows: number
}

/** Sums of products are taken over at most so many multiplications a layer: some 30 ms. */
const budget = 3e7

const deepest = 1024

/** Windows whose products are added in one walk over the matrix. */
const lanes = 4

/** By node index. */
export function observing(
  graph: Graph<'folded'>,
  samples: number,
): { readonly layers: ReadonlyMap<number, Observed>; readonly observe: Observer } {
  const layers = new Map<number, Observed>()
  const readers = new Map<number, ((x: Float32Array) => void)[]>()
  for (const n of graph.nodes.keys()) {
    const linear = weightedAt(graph, n)
    if (!linear) continue
    const x = linear.node.inputs[linear.slots[0]]!
    const { layer, add } = observer(graph, linear, samples)
    layers.set(n, layer)
    readers.set(x, [...(readers.get(x) ?? []), add])
  }
  return { layers, observe: (t, data) => void readers.get(t)?.forEach((add) => void add(data)) }
}

function observer(graph: Graph, linear: Linear, samples: number): { layer: Observed; add: (x: Float32Array) => void } {
  const { node, slots } = linear
  const { shape } = graph.tensors[node.inputs[slots[0]]!]!
  const windows = windowsOf(graph, linear)
  const depth = windows?.depth ?? 0
  const layer = {
    sum: new Float64Array(size(shape)),
    depth,
    samples: 0,
    windows: 0,
    ...(windows && { products: new Float64Array(windows.matrices * depth * depth) }),
  }
  const wanted = windows ? Math.max(1, Math.ceil(Math.max(2 * depth, budget / (windows.matrices * depth * depth)) / samples)) : 0
  const step = windows ? Math.max(1, Math.floor(windows.count / wanted)) : 0
  const patch = new Float32Array(windows ? windows.matrices * depth : 0)
  // Value by value, the lanes of one value side by side.
  const held = new Float64Array(lanes * patch.length)
  const add = (x: Float32Array): void => {
    for (let i = 0; i < x.length; i++) layer.sum[i]! += x[i]!
    layer.samples++
    // Where windows are left out, other ones each time.
    if (!windows) return
    let lane = 0
    for (let at = layer.samples % step; at < windows.count; at += step) {
      windows.read(x, at, patch)
      for (let k = 0, to = lane; k < patch.length; k++, to += lanes) held[to] = patch[k]!
      layer.windows++
      lane = (lane + 1) % lanes
      if (lane === 0) accumulateAll(layer.products!, held, windows.matrices, depth)
    }
    for (let i = 0; i < lane; i++) accumulate(layer.products!, held, i, windows.matrices, depth)
  }
  return { layer, add }
}

type Windows = {
  readonly count: number
  readonly depth: number
  readonly matrices: number
  read(x: Float32Array, at: number, patch: Float32Array): void
}

/** How to read the values under the `at`-th window: tap by tap, all channels of each; for depthwise layers channel by channel, tap by tap. */
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
          matrices: 1,
          read: (data, at, patch) => patch.set(data.subarray(at * depth, (at + 1) * depth)),
        }
  }
  const [channels, [, kernelH, kernelW]] = [x.shape[3]!, weights.shape as [number, number, number, number]]
  if (slots[0] !== 0 || x.shape.length !== 4) return undefined
  const w = windowOf(node.attrs as never, x.shape, [kernelH, kernelW], y.shape)
  const [taps, perImage] = [kernelH * kernelW, w.outH * w.outW]
  const whole = (data: Float32Array, at: number, patch: Float32Array): void => {
    const [image, inside] = [Math.floor(at / perImage), at % perImage]
    lift(data, w, channels, 0, image, Math.floor(inside / w.outW) * w.strideH - w.top, (inside % w.outW) * w.strideW - w.left, patch)
  }
  const count = w.batch * perImage
  if (family === 'conv' && weights.shape[3] === channels && taps * channels <= deepest)
    return { count, depth: taps * channels, matrices: 1, read: whole }
  if (family !== 'depthwise') return undefined
  const lifted = new Float32Array(taps * channels)
  const read = (data: Float32Array, at: number, patch: Float32Array): void => {
    whole(data, at, lifted)
    for (let c = 0, to = 0; c < channels; c++) for (let k = 0; k < taps; k++) patch[to++] = lifted[k * channels + c]!
  }
  return { count, depth: taps, matrices: channels, read }
}

/** The upper triangles, from the window in one lane; `productsOf` mirrors them. */
function accumulate(products: Float64Array, held: Float64Array, lane: number, matrices: number, depth: number): void {
  for (let m = 0; m < matrices; m++)
    for (let i = 0, from = m * depth; i < depth; i++) {
      const [v, row] = [held[(from + i) * lanes + lane]!, (from + i) * depth]
      if (v === 0) continue
      for (let j = i, at = (from + i) * lanes + lane; j < depth; j++, at += lanes) products[row + j]! += v * held[at]!
    }
}

/** The same for the windows in all lanes, one after the other, so that the sums are the same to the bit; 1.5 times as fast. */
function accumulateAll(products: Float64Array, held: Float64Array, matrices: number, depth: number): void {
  for (let m = 0; m < matrices; m++)
    for (let i = 0, from = m * depth; i < depth; i++) {
      const [first, row] = [(from + i) * lanes, (from + i) * depth]
      const [p, q, r, s] = [held[first]!, held[first + 1]!, held[first + 2]!, held[first + 3]!]
      if (p === 0 && q === 0 && r === 0 && s === 0) continue
      for (let j = i, at = first; j < depth; j++, at += lanes)
        products[row + j] = products[row + j]! + p * held[at]! + q * held[at + 1]! + r * held[at + 2]! + s * held[at + 3]!
    }
}

/** The whole of matrix `m`. */
export function productsOf({ products, depth }: Observed, m: number): Float64Array {
  const whole = products!.slice(m * depth * depth, (m + 1) * depth * depth)
  for (let i = 0; i < depth; i++) for (let j = 0; j < i; j++) whole[i * depth + j] = whole[j * depth + i]!
  return whole
}
