/** Rules and findings in a person's words. */
import { limitWords } from '../target/check/limit.ts'
import { modelFactNames } from '../target/check/model-facts.ts'
import type { Cost, Finding, Limit, Source } from '../target/define.ts'
import type { Rule } from '../target/profiles/rule.ts'

export const costWords: Readonly<Record<Cost, string>> = {
  cpu: 'runs on the CPU',
  'splits-graph': 'runs on the CPU and splits the graph',
  refused: 'is refused',
  'does-not-fit': 'does not fit',
  slower: 'runs slower',
  nothing: 'nothing is certain to be lost',
}

export const sourceWords = ({ source, sourceVersion, confidence }: Source): string => `${source}, ${sourceVersion} (${confidence})`

const limitsWords = (limits: Readonly<Record<string, Limit>>): string =>
  Object.entries(limits)
    .map(([fact, limit]) => `${fact} ${limitWords(limit)}`)
    .join(', ')

/** The page of one rule. */
export function ruleText({ code, scope, ops, except, when, limits, severity, costs, says, hint, evidence }: Rule): string[] {
  const all = except?.length ? `all operators but ${except.join(', ')}` : 'all operators'
  const facts = Object.keys({ ...when, ...limits }) as (keyof typeof modelFactNames)[]
  return [
    `${code} (${severity}): ${says}`,
    `    holds for: ${scope === 'model' ? 'the model as a whole' : (ops?.join(', ') ?? all)}${when ? `, where ${limitsWords(when)}` : ''}`,
    ...(Object.keys(limits).length > 0 ? [`    limits: ${limitsWords(limits)}`] : []),
    ...(scope === 'model' ? facts.map((fact) => `    ${fact}: ${modelFactNames[fact]}`) : []),
    `    costs: ${costWords[costs]}`,
    `    do: ${hint}`,
    `    source: ${sourceWords(evidence)}`,
  ]
}

export function findingText({ severity, code, place, op, says, found, hint, costs, evidence }: Finding): string[] {
  return [
    `${severity} ${code} at ${place}${op ? ` (${op})` : ''}: ${says}; found ${found}`,
    ...(costs ? [`    costs: ${costWords[costs]}`] : []),
    `    do: ${hint}`,
    ...(evidence ? [`    source: ${sourceWords(evidence)}`] : []),
  ]
}
