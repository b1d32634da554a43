/** Gives every activation its scale. The room says how (role), the method says how wide (range); which operator it is, nobody asks. */
import { assert } from '../errors.ts'
import type { Graph, Quant } from '../graph/ir/graph.ts'
import { type Role, roleOfOutput } from '../graph/ops/define.ts'
import { opOf } from '../graph/ops/registry.ts'
import { affine, covers, equal, perTensor } from './affine.ts'
import { type Classes, classesOf } from './classes.ts'
import { type Edge, edgesOf } from './edges.ts'
import type { Range } from './methods/define.ts'
import { type Scheme, tfliteScheme } from './scheme.ts'

export type Assignment = {
  /** By tensor; constants are not here. */
  readonly tensors: ReadonlyMap<number, Quant>
  /** The scale at which a node reads its input `slot`; undefined for weights, biases and indices. */
  at(node: number, slot: number): Quant | undefined
}

/** A join that widens the range of a tensor this much costs its other readers 6 dB, twice what a second rounding does. */
const worthQuantize = 2

/**
 * `same` is an equivalence: one range a class. A `fixed` scale rules its class if it covers it. Otherwise, and for every other fixed
 * scale, the edges that read the fixed tensor are cut; so is an edge that is worth it. A cut edge gets its scale through a QUANTIZE.
 */
export function assign(graph: Graph<'folded'>, seen: (tensor: number) => Range | undefined, scheme: Scheme = tfliteScheme): Assignment {
  const edges = edgesOf(graph)
  const fixed = fixedScales(graph, edges)
  const rangeOf = withConstants(graph, seen)
  const written = [...graph.inputs, ...graph.nodes.flatMap((n) => n.outputs)].filter((t) => graph.tensors[t]!.dtype === 'float32')
  // Constants are quantised anew for each reader: their edges need no join.
  const cuts = new Set(edges.filter((e) => graph.tensors[e.tensor]!.data).map((e) => e.id))
  const solve = (): Classes => classesOf(graph, edges, written, cuts, rangeOf, (id) => fixed.has(id))

  const settle = (): Classes => {
    for (;;) {
      const [solved, before] = [solve(), cuts.size]
      for (const one of solved.all) for (const id of losers(one.fixed, one.range, fixed)) cutFree(id, edges, cuts)
      if (cuts.size === before) return solved
    }
  }
  let solved = settle()
  for (const { id, tensor, joined } of edges) {
    if (!joined || cuts.has(id)) continue
    cuts.add(id)
    const apart = solve().of(tensor)
    const gain = span(solved.of(id).range) > worthQuantize * span(apart.range)
    if (gain && !apart.fixed.length && apart.edges.some((e) => !e.joined)) solved = settle()
    else cuts.delete(id)
  }

  const quantOf = (id: number): Quant => {
    const one = solved.of(id)
    return one.fixed.length ? fixed.get(one.fixed[0]!)! : affine(one.range, scheme)
  }
  const at = new Map(edges.map((e) => [`${e.node}:${e.slot}`, quantOf(e.id)]))
  return { tensors: new Map(written.map((t) => [t, quantOf(t)])), at: (node, slot) => at.get(`${node}:${slot}`) }
}

/** Scales that operators fix, by tensor for their outputs and by edge for their inputs. */
function fixedScales(graph: Graph, edges: readonly Edge[]): Map<number, Quant> {
  const outputs = graph.nodes.flatMap((node) => node.outputs.map((t, o): [number, Role] => [t, roleOfOutput(opOf(node), o)]))
  const all = [...outputs, ...edges.map(({ id, role }): [number, Role] => [id, role])]
  return new Map(all.flatMap(([id, role]) => (role.role === 'fixed' ? [[id, perTensor(role.scale, role.zero)] as const] : [])))
}

/** The range of a tensor that calibration saw; all of it for constants. */
function withConstants({ tensors }: Graph, seen: (tensor: number) => Range | undefined): (tensor: number) => Range {
  const known = new Map<number, Range>()
  return (t) => {
    const { data, name } = tensors[t]!
    const range = known.get(t) ?? seen(t) ?? (data && extremes(data as Float32Array))
    assert(range, `calibration has not seen tensor ${name}`)
    known.set(t, range)
    return range
  }
}

/** The members whose fixed scale does not become that of their class: the first that covers it does. */
function losers(members: readonly number[], range: Range, fixed: ReadonlyMap<number, Quant>): number[] {
  const ruler = members.find((id) => holds(fixed.get(id)!, range))
  return members.filter((id) => ruler === undefined || !equal(fixed.get(id)!, fixed.get(ruler)!))
}

/** Cuts an edge, or the edges that would join a tensor to others. */
function cutFree(id: number, edges: readonly Edge[], cuts: Set<number>): void {
  for (const e of edges) if (e.id === id || (e.tensor === id && e.joined)) cuts.add(e.id)
}

const span = ({ min, max }: Range): number => Math.max(max, 0) - Math.min(min, 0)

/** Whether a scale says all of a range, to within one step. */
function holds(quant: Quant, { min, max }: Range): boolean {
  const [all, step] = [covers(quant), 1.001 * quant.scale[0]!]
  return min >= all.min - step && max <= all.max + step
}

const extremes = (data: Float32Array): Range => ({
  min: data.reduce((a, b) => Math.min(a, b), 0),
  max: data.reduce((a, b) => Math.max(a, b), 0),
})
