/** Bias correction (Nagel et al. 2019, Sec. 4.2; empirical): what rounded weights add to a layer's mean output is taken from its bias. */
import type { Elements, Graph, Tensor } from '../../graph/ir/graph.ts'
import { size } from '../../graph/ir/graph.ts'
import { opOf } from '../../graph/ops/registry.ts'
import { weightedAt } from '../../graph/passes/linear.ts'
import { channelOf } from '../affine.ts'
import type { Observed } from './observe.ts'

/** A layer is linear, so its mean error is its output for the mean input under the weights' errors: the room's own float kernel computes it. */
export function correctBias(folded: Graph<'folded'>, int8: Graph<'quantised'>, layers: ReadonlyMap<number, Observed>): Graph<'quantised'> {
  const tensors: Tensor[] = [...int8.tensors]
  const byOutput = new Map(int8.nodes.map((node) => [node.outputs[0]!, node]))
  const done = new Set<number>()
  for (const [n, { sum, samples }] of layers) {
    const { node, slots, weights, outputs } = weightedAt(folded, n)!
    const [, w, b] = slots.map((slot) => byOutput.get(node.outputs[0]!)!.inputs[slot] ?? -1) as [number, number, number]
    // A bias that several layers read is corrected for the first; the next would undo that.
    if (b < 0 || done.has(b) || tensors[b]!.dtype !== 'int32') continue
    done.add(b)
    const { data, quant, shape } = tensors[w]!
    const at = channelOf(shape, quant!.scale.length > 1 ? quant!.axis : -1)
    const errors = Float32Array.from(data as Int8Array, (q, i) => q * quant!.scale[at(i)]! - (weights.data as Float32Array)[i]!)
    const mean = Float32Array.from(sum, (v) => v / samples)
    const y = folded.tensors[node.outputs[0]!]!
    const operands = node.inputs.map((t, i) =>
      i === slots[1] ? { ...weights, data: errors } : i === slots[2] ? undefined : folded.tensors[t],
    )
    const made = new Float32Array(size(y.shape))
    const kernel = opOf(node).float({ ...node.attrs, fusedActivation: 'none' }, operands as never, [y])
    kernel(operands.map((t, i) => (i === slots[0] ? mean : t?.data)) as Elements[], [made])
    const shift = new Float64Array(outputs)
    for (const [i, v] of made.entries()) shift[i % outputs]! += (v * outputs) / made.length
    const { data: old, quant: scales } = tensors[b]!
    const scaleOf = (o: number): number => scales!.scale[scales!.scale.length > 1 ? o : 0]!
    tensors[b] = { ...tensors[b]!, data: (old as Int32Array).map((v, o) => v - Math.round(shift[o]! / scaleOf(o))) }
  }
  return { ...int8, tensors }
}
