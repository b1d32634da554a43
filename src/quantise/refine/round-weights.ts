/** Adaptive rounding: weights go up or down so that the layer's output, not each weight, comes closest (AdaRound, Nagel et al. 2020). */
import type { Graph, Tensor } from '../../graph/ir/graph.ts'
import { opOf } from '../../graph/ops/registry.ts'
import { type Linear, weightedAt } from '../../graph/passes/linear.ts'
import { channelOf } from '../affine.ts'
import type { Observed } from './observe.ts'

const sweeps = 10

/** Added to the diagonal, as a share of its mean: few windows must not be learned by heart. */
const ridge = 0.02

/**
 * Minimises e' E[x x'] e for the rounding errors e of each output channel (there Eq. 13) by coordinate descent from the nearest
 * integers, where the paper relaxes it and descends by gradients: with 8 bits few weights move, and no step size has to be chosen.
 */
export function roundWeights(folded: Graph<'folded'>, int8: Graph<'quantised'>, layers: ReadonlyMap<number, Observed>): Graph<'quantised'> {
  const tensors: Tensor[] = [...int8.tensors]
  const byOutput = new Map(int8.nodes.map((node) => [node.outputs[0]!, node]))
  const done = new Set<number>()
  for (const [n, layer] of layers) {
    const linear = weightedAt(folded, n)!
    const t = byOutput.get(linear.node.outputs[0]!)!.inputs[linear.slots[1]]!
    // Weights that several layers read are rounded for the first.
    if (!layer.products || done.has(t) || tensors[t]!.dtype !== 'int8') continue
    done.add(t)
    tensors[t] = { ...tensors[t]!, data: rounded(linear, tensors[t]!, layer) }
  }
  return { ...int8, tensors }
}

function rounded(linear: Linear, weights: Tensor, layer: Observed): Int8Array {
  const { quant, shape } = weights
  const { depth, channels } = layer
  const [real, steps] = [linear.weights.data as Float32Array, (weights.data as Int8Array).slice()]
  const scaleAt = channelOf(shape, quant!.scale.length > 1 ? quant!.axis : -1)
  const depthwise = opOf(linear.node).family === 'depthwise'
  const { outputs } = linear
  let products = layer.products!.matrix(0)
  for (let o = 0; o < outputs; o++) {
    if (depthwise && o > 0) products = layer.products!.matrix(Math.floor((o * channels) / outputs))
    // A depthwise kernel is stored tap by tap, all outputs of each; others output by output.
    const place = (k: number): number => (depthwise ? k * outputs + o : o * depth + k)
    const scale = quant!.scale[scaleAt(place(0))]!
    const exact = Float64Array.from({ length: depth }, (_, k) => real[place(k)]! / scale)
    const best = descend(exact, (k) => steps[place(k)]!, products, layer.windows)
    for (let k = 0; k < depth; k++) steps[place(k)] = best[k]!
  }
  return steps
}

/** From the nearest integers, each in turn to its other neighbour where the error of the sum falls. */
function descend(exact: Float64Array, nearest: (k: number) => number, products: Float64Array, windows: number): Int8Array {
  const depth = exact.length
  const steps = Int8Array.from({ length: depth }, (_, k) => nearest(k))
  let trace = 0
  for (let k = 0; k < depth; k++) trace += products[k * depth + k]!
  if (!(trace > 0) || !windows) return steps
  const extra = (ridge * trace) / depth
  const slope = new Float64Array(depth)
  for (let i = 0; i < depth; i++) {
    const error = steps[i]! - exact[i]!
    for (let j = 0; j < depth; j++) slope[j]! += error * products[i * depth + j]!
    slope[i]! += error * extra
  }
  for (let sweep = 0; sweep < sweeps; sweep++) {
    let moved = false
    for (let k = 0; k < depth; k++) {
      const error = steps[k]! - exact[k]!
      const move = error > 0 ? -1 : 1
      const next = steps[k]! + move
      if (Math.abs(error + move) >= 1 || next > 127 || next < -127) continue
      if (2 * move * slope[k]! + products[k * depth + k]! + extra >= -1e-9 * trace) continue
      steps[k] = next
      for (let j = 0; j < depth; j++) slope[j]! += move * products[k * depth + j]!
      slope[k]! += move * extra
      moved = true
    }
    if (!moved) break
  }
  return steps
}
