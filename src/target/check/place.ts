/** Where each node of a graph runs on a target, with a finding for every rule that a node breaks. */
import type { Graph, Node } from '../../graph/ir/graph.ts'
import { placeOf } from '../../graph/ir/walk.ts'
import { type Facts, factsOf } from '../../graph/ops/facts.ts'
import { opOf } from '../../graph/ops/registry.ts'
import type { Finding, Placement, Segment } from '../define.ts'
import type { Rule } from '../profiles/rule.ts'
import type { Target } from '../profiles/schema.ts'
import { broken } from './limit.ts'
import { concerns, foundIn, saidBy, segmentRule, supportRule } from './rules.ts'
import { crossingsOf, segmentsOf } from './segments.ts'

export type Placed = { readonly findings: readonly Finding[]; readonly placement: Required<Placement> }

type Place = Placement['nodes'][number]

/** Facts of a node in its graph: its operator's, its name, and whether it touches an input or output of the network. */
export const factsAt = (graph: Graph, node: Node): Facts => ({
  ...factsOf(graph, node),
  operator: node.op,
  atEdge: node.inputs.some((t) => graph.inputs.includes(t)) || node.outputs.some((t) => graph.outputs.includes(t)),
})

/** Facts do not depend on the target: many targets look at a graph once. */
const known = new WeakMap<Graph, readonly Facts[]>()

function factsOfAll(graph: Graph): readonly Facts[] {
  const facts = known.get(graph) ?? graph.nodes.map((node) => factsAt(graph, node))
  known.set(graph, facts)
  return facts
}

const staysOff = ({ costs }: Rule): boolean => costs === 'cpu' || costs === 'refused'

/** Findings in node order, at most one for each rule and node. */
export function place(graph: Graph, target: Target): Placed {
  const support = supportRule(target)
  const rules = target.rules.filter(({ scope }) => scope === 'node')
  const all = factsOfAll(graph)
  const findings: Finding[] = []
  const places = graph.nodes.map((node, n): Place => {
    const at = { node: n, op: node.op, place: placeOf(graph, n) }
    const facts = all[n]!
    if (broken(support.limits, facts).length > 0) {
      findings.push({ ...at, ...saidBy(support), found: node.op })
      return 'cpu'
    }
    let off = false
    for (const rule of rules) {
      if (!concerns(rule, node.op, facts)) continue
      const names = broken(rule.limits, facts)
      if (names.length === 0) continue
      findings.push({ ...at, ...saidBy(rule), found: foundIn(names, facts) })
      off ||= staysOff(rule)
    }
    return off ? 'cpu' : opOf(node).family === 'free' ? 'folded' : 'accelerator'
  })
  const cut = cutOff(graph, target, places)
  const segments = segmentsOf(graph, cut.places)
  return {
    findings: withSplits(gathered([...findings, ...cut.findings], rules), segments),
    placement: {
      accelerator: cut.places.filter((p) => p === 'accelerator').length,
      cpu: cut.places.filter((p) => p === 'cpu').length,
      nodes: cut.places,
      segments,
      crossings: crossingsOf(graph, segments),
    },
  }
}

/** Segments beyond those that the accelerator takes go to the CPU, with one finding where the first of them begins. */
function cutOff(
  graph: Graph,
  target: Target,
  places: readonly Place[],
): { readonly places: readonly Place[]; readonly findings: readonly Finding[] } {
  const rule = segmentRule(target)
  const { maxSegments = Number.POSITIVE_INFINITY } = target.support
  const taken = segmentsOf(graph, places).filter(({ place, nodes }) => place === 'accelerator' && nodes.some((n) => places[n] !== 'folded'))
  const late = taken.slice(maxSegments).flatMap(({ nodes }) => nodes.filter((n) => places[n] === 'accelerator'))
  if (!rule || late.length === 0) return { places, findings: [] }
  const moved = new Set(late)
  const first = Math.min(...late)
  const found = `${taken.length} parts; ${late.length} operators from here on could run, and do not`
  return {
    places: places.map((p, n) => (moved.has(n) ? 'cpu' : p)),
    findings: [{ node: first, op: graph.nodes[first]!.op, place: placeOf(graph, first), ...saidBy(rule), found }],
  }
}

/** Of a rule that is said once, the first finding stays, with the number of the others. */
function gathered(findings: readonly Finding[], rules: readonly Rule[]): Finding[] {
  const once = new Set(rules.flatMap((rule) => (rule.once ? [rule.code] : [])))
  const count = new Map<string, number>()
  for (const { code } of findings) count.set(code, (count.get(code) ?? 0) + 1)
  const said = new Set<string>()
  return findings.flatMap((finding) => {
    if (!once.has(finding.code)) return [finding]
    if (said.has(finding.code)) return []
    said.add(finding.code)
    const others = count.get(finding.code)! - 1
    return [others > 0 ? { ...finding, found: `${finding.found}, and ${others} other operators` } : finding]
  })
}

/** A node on the CPU between two parts of the accelerator's also splits the graph. */
function withSplits(findings: readonly Finding[], segments: readonly Segment[]): Finding[] {
  const ours = segments.flatMap(({ place }, s) => (place === 'accelerator' ? [s] : []))
  const splits = new Set(segments.flatMap(({ place, nodes }, s) => (place === 'cpu' && s > ours[0]! && s < ours.at(-1)! ? nodes : [])))
  return findings.map((finding) => (finding.costs === 'cpu' && splits.has(finding.node) ? { ...finding, costs: 'splits-graph' } : finding))
}
