/** A target's profile for a person: what it takes, its numbers with their sources, and the manual of its rules. */
import { rulesOf } from '../target/check/rules.ts'
import { artefactWords } from '../target/profiles/artefacts.ts'
import type { Target } from '../target/profiles/schema.ts'
import { ruleText, sourceWords } from './rule-text.ts'

type Leaf = string | number | boolean

/** Every object of numbers as a paragraph under its place in the file, with its source where it has one of its own. */
function numbers(at: string, value: object): string[] {
  const { evidence, ...rest } = value as { evidence?: Parameters<typeof sourceWords>[0] }
  const isLeaf = (v: unknown): v is Leaf | Leaf[] =>
    typeof v !== 'object' || (Array.isArray(v) && v.every((one) => typeof one !== 'object'))
  const leaves = Object.entries(rest).filter(([, v]) => isLeaf(v))
  const said = leaves.map(([key, v]) => `${key} ${Array.isArray(v) ? `[${v.join(', ')}]` : v}`).join(', ')
  return [
    ...(said ? [`  ${at}: ${said}`] : []),
    ...(evidence ? [`${said ? '    ' : `  ${at}: `}source: ${sourceWords(evidence)}`] : []),
    ...Object.entries(rest).flatMap(([key, v]) => (isLeaf(v) || v === null ? [] : numbers(`${at}.${key}`, v as object))),
  ]
}

export function targetText(target: Target): string {
  const { name, title, vendor, artefact, compiler, support, memory, numerics, engine, notes } = target
  return [
    `${name}: ${title} (${vendor})`,
    `takes ${artefactWords[artefact]}`,
    ...(compiler ? [`compiler: ${compiler.name} ${compiler.versions.join(', ')}`, `    source: ${sourceWords(compiler.evidence)}`] : []),
    '',
    `operators: ${support.operators === 'all' ? 'all' : support.operators.join(', ')}`,
    `    others: ${support.otherwise === 'refused' ? 'the file is refused' : 'run on the CPU'}`,
    `    source: ${sourceWords(support.evidence)}`,
    '',
    'rules:',
    ...rulesOf(target)
      .flatMap(ruleText)
      .map((line) => `  ${line}`),
    '',
    ...notes.flatMap(({ says, evidence }) => [`note: ${says}`, `    source: ${sourceWords(evidence)}`, '']),
    'numbers:',
    ...(memory ? numbers('memory', memory) : []),
    ...(numerics ? numbers('numerics', numerics) : []),
    ...numbers('engine', engine),
    '',
  ].join('\n')
}
