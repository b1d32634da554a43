/** Holds a graph against a target: findings, and where each node runs. One interpreter for rules that stand in target files. */
import type { Graph } from '../../graph/ir/graph.ts'
import { type Facts, factsOf } from '../../graph/ops/facts.ts'
import { opOf } from '../../graph/ops/registry.ts'
import type { CheckResult, Finding, Placement } from '../define.ts'
import type { Rule, Target } from '../profiles/schema.ts'
import { broken } from './limit.ts'

const concerns = (rule: Rule, op: string, facts: Facts): boolean =>
  (rule.ops?.includes(op) ?? true) &&
  !rule.except?.includes(op) &&
  broken(rule.when ?? {}, facts).length === 0 &&
  known(rule.when ?? {}, facts)

/** A condition on a fact that the operator does not have never holds. */
const known = (limits: object, facts: Facts): boolean => Object.keys(limits).every((name) => facts[name] !== undefined)

const supported = ({ support }: Target, op: string): boolean => support.operators === 'all' || support.operators.includes(op)

/** Findings in node order, at most one for each rule and node. A node that breaks a rule runs on the CPU, or not at all. */
export function check(graph: Graph<'quantised'>, target: Target): CheckResult {
  const findings: Finding[] = []
  const nodes = graph.nodes.map((node, n): Placement['nodes'][number] => {
    const facts = factsOf(graph, node)
    const at = { node: n, op: node.op, place: graph.tensors[node.outputs[0]!]!.name }
    if (!supported(target, node.op)) {
      findings.push({ ...at, ...unsupported(target, node.op) })
      return 'cpu'
    }
    const before = findings.length
    let stays = true
    for (const rule of target.rules) {
      if (!concerns(rule, node.op, facts)) continue
      const names = broken(rule.limits, facts)
      if (names.length === 0) continue
      findings.push({
        ...at,
        code: rule.code,
        severity: rule.severity,
        says: rule.says,
        found: names.map((name) => `${name} ${facts[name]}`).join(', '),
        hint: rule.hint,
      })
      if (rule.costs === 'cpu') stays = false
    }
    if (findings.length > before && !stays) return 'cpu'
    return opOf(node).family === 'free' ? 'folded' : 'accelerator'
  })
  const count = (place: string) => nodes.filter((p) => p === place).length
  return { target: target.name, findings, placement: { accelerator: count('accelerator'), cpu: count('cpu'), nodes } }
}

function unsupported({ title, support }: Target, op: string): Pick<Finding, 'code' | 'severity' | 'says' | 'found' | 'hint'> {
  const refused = support.otherwise === 'refused'
  return {
    code: 'unsupported-operator',
    severity: refused ? 'error' : 'warning',
    says: `${title} does not run this operator${refused ? '' : '; it falls to the CPU'}`,
    found: op,
    hint: 'Replace it in the network: strip ensembles and smooth activations to RELU or RELU6, or choose an operator of the support table.',
  }
}
