/** Cross-layer equalisation (Nagel et al. 2019, Sec. 4.1): channels between two linear layers change their scale, so that both layers' weights use their range. */
import type { Graph, Tensor } from '../../graph/ir/graph.ts'
import { consumers, producers } from '../../graph/ir/walk.ts'
import { relu } from '../../graph/ops/relu.ts'
import { relu6 } from '../../graph/ops/relu6.ts'
import { type Linear, weightedAt } from '../../graph/passes/linear.ts'

/**
 * By the name of the tensor between the layers, for each channel: its values are divided by 2 to this power. Powers of two, so that
 * the float network computes the same to the bit and the file can say what was done in a few characters.
 */
export type Exponents = Readonly<Record<string, readonly number[]>>

/** The key of the exponents in a model file's metadata. */
export const equalisedKey = 'peapod.equalised'

/** A factor beyond this would leave float32's exact range sooner than help 8 bits. */
const most = 6

const sweeps = 8

/** f(s x) = s f(x) for s > 0: all the way, or below the clip. */
const homogeneous = ['none', relu.name, relu6.name]

/** Tensors that one linear layer makes, through at most a ReLU or ReLU6, and one linear layer alone reads. */
export function pairsOf(graph: Graph): { readonly tensor: number; readonly from: number; readonly to: number }[] {
  const [made, used] = [producers(graph), consumers(graph)]
  return graph.tensors.flatMap(({ data }, tensor) => {
    const [from, [to, ...others]] = [made[tensor]!, used[tensor]!]
    if (data || from < 0 || to === undefined || others.length || graph.outputs.includes(tensor)) return []
    const [a, b] = [weightedAt(graph, from), weightedAt(graph, to)]
    if (!a || !b || b.node.inputs[b.slots[0]] !== tensor || shares(graph, used, a) || shares(graph, used, b)) return []
    if (a.outputs !== graph.tensors[tensor]!.shape.at(-1) || !homogeneous.includes(a.node.attrs.fusedActivation ?? 'none')) return []
    return [{ tensor, from, to }]
  })
}

const shares = (graph: Graph, used: readonly number[][], { node, slots }: Linear): boolean =>
  slots.slice(1).some((slot) => {
    const t = node.inputs[slot] ?? -1
    return t >= 0 && (used[t]!.length > 1 || graph.outputs.includes(t))
  })

/**
 * `peaks` gives the largest value that calibration saw of each channel of a tensor. A channel that reaches ReLU6's clip keeps its scale;
 * of the others, what was seen stays below the clip. Empty where nothing changes.
 */
export function equalisation(graph: Graph<'folded'>, peaks: (tensor: number) => ArrayLike<number>): Exponents {
  const pairs = pairsOf(graph)
  const sums = new Map(pairs.map(({ tensor }) => [tensor, new Int32Array(graph.tensors[tensor]!.shape.at(-1)!)]))
  // The weights' peaks by channel follow from what was decided so far: exponents of the tensor before and behind each weight.
  for (let sweep = 0; sweep < sweeps; sweep++) {
    let changed = false
    for (const { tensor, from, to } of pairs) {
      const [a, b] = [weightedAt(graph, from)!, weightedAt(graph, to)!]
      const [r1, r2] = [peaksOf(a, sums, 'out', tensor), peaksOf(b, sums, 'in', tensor)]
      const clip = a.node.attrs.fusedActivation === relu6.name ? peaks(tensor) : undefined
      const now = sums.get(tensor)!
      for (let c = 0; c < now.length; c++) {
        if (!r1[c] || !r2[c]) continue
        const wanted = Math.min(most, Math.max(-most, Math.round(Math.log2(r1[c]! / r2[c]!) / 2)))
        const least = !clip ? -most : clip[c]! >= 6 ? 0 : clip[c]! > 0 ? Math.ceil(Math.log2(clip[c]! / 6)) : -most
        const next = clip && clip[c]! >= 6 ? 0 : Math.max(wanted, least)
        if (next !== now[c]) changed = true
        now[c] = next
      }
    }
    if (!changed) break
  }
  return Object.fromEntries(
    Array.from(sums, ([t, exponents]) => [graph.tensors[t]!.name, Array.from(exponents)] as const).filter(([, e]) =>
      e.some((n) => n !== 0),
    ),
  )
}

/** The largest weight of each channel at the side of `tensor`, as the other side's factors make it; `tensor`'s own factor is left out. */
function peaksOf(linear: Linear, sums: ReadonlyMap<number, Int32Array>, side: 'in' | 'out', tensor: number): Float64Array {
  const { node, slots, weights, outOf, inOf, outputs } = linear
  const [before, behind] = [sums.get(node.inputs[slots[0]]!), sums.get(node.outputs[0]!)]
  const channels = side === 'out' ? outputs : sums.get(tensor)!.length
  const peak = new Float64Array(channels)
  for (const [i, w] of (weights.data as Float32Array).entries()) {
    const [o, k] = [outOf(i), inOf(i)]
    const scaled = Math.abs(w) * (side === 'out' ? 2 ** (before?.[k] ?? 0) : 2 ** -(behind?.[o] ?? 0))
    const c = side === 'out' ? o : k
    if (scaled > peak[c]!) peak[c] = scaled
  }
  return peak
}

/** The graph with these factors in its weights and biases: the same function. Names that the graph does not pair are left alone. */
export function equalise<P extends 'folded'>(graph: Graph<P>, exponents: Exponents): Graph<P> {
  const pairs = pairsOf(graph).filter(({ tensor }) => exponents[graph.tensors[tensor]!.name])
  const tensors: Tensor[] = [...graph.tensors]
  for (const { tensor, from, to } of pairs) {
    const by = exponents[graph.tensors[tensor]!.name]!
    const [a, b] = [weightedAt(graph, from)!, weightedAt(graph, to)!]
    rescale(tensors, a.node.inputs[a.slots[1]]!, (i) => -by[a.outOf(i)]!)
    if (a.bias) rescale(tensors, a.node.inputs[a.slots[2]]!, (i) => -by[i]!)
    rescale(tensors, b.node.inputs[b.slots[1]]!, (i) => by[b.inOf(i)]!)
  }
  return { ...graph, tensors }
}

function rescale(tensors: Tensor[], t: number, exponent: (element: number) => number): void {
  const tensor = tensors[t]!
  tensors[t] = { ...tensor, data: (tensor.data as Float32Array).map((v, i) => v * 2 ** exponent(i)) }
}
