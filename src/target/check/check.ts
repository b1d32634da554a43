/** Holds a graph against a target: findings, and where each node runs. One interpreter for rules that stand in target files. */
import type { Graph } from '../../graph/ir/graph.ts'
import type { CheckResult, Finding } from '../define.ts'
import type { Target } from '../profiles/schema.ts'
import { accumulatorOverflow } from './accumulators.ts'
import { broken } from './limit.ts'
import { modelFacts } from './model-facts.ts'
import { place } from './place.ts'
import { concerns, foundIn, rulesOf, saidBy, segmentRule } from './rules.ts'

/** Findings of nodes in node order, sums that may wrap, then those of the model as a whole. */
export function check(graph: Graph, target: Target): CheckResult {
  const { findings, placement } = place(graph, target)
  // Parts beyond those that the accelerator takes are cut off while nodes are placed.
  const cut = segmentRule(target)?.code
  const rules = rulesOf(target).filter(({ scope, code }) => scope === 'model' && code !== cut)
  const asked = rules.flatMap(({ limits, when }) => Object.keys({ ...limits, ...when }))
  const facts = rules.length > 0 ? modelFacts(graph, target, placement, asked) : {}
  const whole = rules.flatMap((rule): Finding[] => {
    if (!concerns(rule, '', facts)) return []
    const names = broken(rule.limits, facts)
    return names.length === 0 ? [] : [{ node: -1, op: '', place: graph.name || 'the model', ...saidBy(rule), found: foundIn(names, facts) }]
  })
  return { target: target.name, findings: [...findings, ...accumulatorOverflow(graph), ...whole], placement }
}
