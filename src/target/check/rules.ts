/** The rules of a target: those that its file states, and those that its support table and its memories imply. */

import type { Facts } from '../../graph/ops/facts.ts'
import type { Finding } from '../define.ts'
import type { Rule } from '../profiles/rule.ts'
import type { Target } from '../profiles/schema.ts'
import { broken } from './limit.ts'

/** A condition on a fact that is not there never holds. */
export const concerns = ({ ops, except, when = {} }: Rule, op: string, facts: Facts): boolean =>
  (ops?.includes(op) ?? true) &&
  !except?.includes(op) &&
  Object.keys(when).every((name) => facts[name] !== undefined) &&
  broken(when, facts).length === 0

/** What a rule says of every node or model that breaks it. */
export const saidBy = ({ code, severity, says, hint, costs, evidence }: Rule) =>
  ({ code, severity, says, hint, costs, evidence }) satisfies Partial<Finding>

export const foundIn = (names: readonly string[], facts: Facts): string => names.map((name) => `${name} ${facts[name]}`).join(', ')

const implied = { scope: 'model', once: true } as const

/** An operator outside the support table. */
export function supportRule({ title, support }: Target): Rule {
  const refused = support.otherwise === 'refused'
  return {
    code: 'unsupported-operator',
    scope: 'node',
    once: false,
    limits: support.operators === 'all' ? {} : { operator: { oneOf: support.operators } },
    severity: refused ? 'error' : 'warning',
    costs: refused ? 'refused' : 'cpu',
    says: `${title} does not run this operator${refused ? '' : '; it falls to the CPU'}`,
    hint: 'Replace it in the network: strip ensembles and smooth activations to RELU or RELU6, or choose an operator of the support table.',
    evidence: support.evidence,
  }
}

/** More parts than the accelerator takes. */
export function segmentRule({ title, support: { maxSegments, evidence } }: Target): Rule | undefined {
  if (maxSegments === undefined) return undefined
  const one = maxSegments === 1
  return {
    ...implied,
    code: one ? 'single-subgraph' : 'too-many-subgraphs',
    limits: { segments: { max: maxSegments } },
    severity: 'warning',
    costs: 'cpu',
    says: one
      ? `${title} takes one part of a graph: everything after the first operator that it cannot run stays on the CPU`
      : `${title} takes ${maxSegments} parts of a graph: what comes after them stays on the CPU`,
    hint: 'Replace the operators that cut the graph, or move them to its end.',
    evidence,
  }
}

/** The arena and the model against the memories that hold them. */
function memoryRules({ memory }: Target): Rule[] {
  if (!memory) return []
  const common = { ...implied, severity: 'error', costs: 'does-not-fit', evidence: memory.evidence } as const
  return [
    ...(memory.sramBytes === undefined
      ? []
      : [
          {
            ...common,
            code: 'arena-over-sram',
            limits: { arenaBytes: { max: memory.sramBytes } },
            says: 'the arena of feature maps must fit the SRAM',
            hint: 'Take a smaller input or fewer channels in the first layers: peapod check --sweep input=… shows where it fits.',
          },
        ]),
    ...(memory.flashBytes === undefined
      ? []
      : [
          {
            ...common,
            code: 'model-over-flash',
            limits: { weightBytes: { max: memory.flashBytes } },
            says: 'the weights must fit the flash',
            hint: 'Take fewer channels, most of all in the last layers, where most weights lie.',
          },
        ]),
  ]
}

/** Every rule that can make a finding, the implied ones first. */
export const rulesOf = (target: Target): Rule[] => [
  supportRule(target),
  ...[segmentRule(target)].filter((rule) => rule !== undefined),
  ...memoryRules(target),
  ...target.rules,
]
