/** The guide that stands beside a profile: what each key says, and every fact that a rule may bound. JSON has no comments. */
import { modelFactNames } from '../target/check/model-facts.ts'
import { artefactWords } from '../target/profiles/artefacts.ts'
import { knownFacts } from '../target/profiles/known-facts.ts'
import { type Target, targetSchema } from '../target/profiles/schema.ts'
import { targetText } from './target-text.ts'

type Node = {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly description?: string
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, Node>>
  readonly anyOf?: readonly Node[]
  readonly oneOf?: readonly Node[]
  readonly items?: Node
}

/** What a key holds, in a few words. */
function kind({ type, enum: values, anyOf, oneOf, items }: Node): string {
  if (values) return values.map((v) => JSON.stringify(v)).join(' or ')
  const ways = (anyOf ?? oneOf ?? []).filter((way) => way.type !== 'null')
  if (ways.length > 0) return [...new Set(ways.map(kind))].join(' or ')
  if (type === 'array') return items ? `list of ${kind(items)}` : 'list'
  return type ?? 'value'
}

/** The alternatives that a key's node stands for, without null; of engines, the one of the profile. */
const inner = (node: Node, engine: string): readonly Node[] =>
  [node, ...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.items ? [node.items] : [])]
    .flatMap((one) => (one === node ? [one] : inner(one, engine)))
    .filter((one) => one.properties && (one.properties.kind?.const === undefined || one.properties.kind.const === engine))

/** Keys with their meaning, indented by depth; what evidence holds is said once. A key of several alternatives stands there once. */
function keys(node: Node, engine: string, depth = 0, said = new Set<string>()): string[] {
  const blocks = inner(node, engine).flatMap(({ properties = {} }) =>
    Object.entries(properties).map(([key, child]) => {
      const one = child.anyOf?.find((way) => way.type !== 'null') ?? child
      const meaning = child.description ?? one.description
      const fallback = child.default ?? one.default
      const absent = fallback === undefined || typeof fallback === 'object' ? '' : `, ${JSON.stringify(fallback)} where absent`
      const line = `${'  '.repeat(depth)}- \`${key}\` (${kind(child)}${absent})${meaning ? `: ${meaning}` : ''}`
      const deeper = key === 'evidence' && said.has(key) ? [] : keys(child, engine, depth + 1, said.add(key))
      return { line, deeper }
    }),
  )
  const first = blocks.filter(({ line }, i) => blocks.findIndex((block) => block.line === line) === i)
  return first.flatMap(({ line, deeper }) => [line, ...deeper])
}

export function targetGuide(file: string, target: Target): string {
  const rooms = [...knownFacts().values()]
  const general = new Set([...rooms[0]!].filter((fact) => rooms.every((facts) => facts.has(fact))))
  const own = [...knownFacts()].map(([op, facts]) => [op, [...facts].filter((fact) => !general.has(fact))] as const)
  return [
    `# ${file}: a target for Peapod`,
    '',
    `\`peapod check M.tflite --target ${file}\` holds a model against it, \`peapod simulate M.tflite --target ${file}\` prices one,`,
    `and \`peapod targets ${file}\` prints it. A profile may start from another with \`"extends": "NAME"\`: keys merge, \`null\` removes one,`,
    'and `addRules` and `dropRules` change the list of rules.',
    '',
    '## Numbers and their sources',
    '',
    'Each object that holds numbers of the machine has an `evidence`. Write `assumed` where you guess: estimates and findings say so.',
    'With a latency that you have measured, change `engine.array.efficiency` until the estimate meets it, and record it under `engine.calibration`.',
    '',
    '## What a machine takes (`artefact`)',
    '',
    ...Object.entries(artefactWords).map(([artefact, words]) => `- \`${artefact}\`: ${words}`),
    '',
    '## Keys',
    '',
    ...keys(targetSchema() as Node, target.engine.kind),
    '',
    '## Facts that a rule may bound',
    '',
    `Of every operator: ${[...general].sort().join(', ')}.`,
    '',
    ...own.filter(([, facts]) => facts.length > 0).map(([op, facts]) => `- ${op}: ${facts.sort().join(', ')}`),
    '',
    'Of the model as a whole (`"scope": "model"`):',
    '',
    ...Object.entries(modelFactNames).map(([fact, words]) => `- ${fact}: ${words}`),
    '',
    '## What it says now',
    '',
    '```',
    targetText(target).trimEnd(),
    '```',
    '',
  ].join('\n')
}
