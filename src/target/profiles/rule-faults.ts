/** What a schema cannot see in a target file: rules on facts or operators that there are not. */
import { factsFor, knownOperators } from './known-facts.ts'
import type { Target } from './schema.ts'

export type Fault = { readonly path: string; readonly found: string; readonly says: string; readonly known: readonly string[] }

/** In the order of the file. */
export function ruleFaults({ rules, support }: Target): Fault[] {
  const operators = knownOperators()
  const unknownOps = (path: string, names: readonly string[]) =>
    names.flatMap((name): Fault[] =>
      operators.has(name) ? [] : [{ path, found: name, says: 'is no operator of TFLite', known: [...operators].sort() }],
    )
  const seen = new Set<string>()
  return [
    ...(support.operators === 'all' ? [] : unknownOps('support.operators', support.operators)),
    ...rules.flatMap((rule, r): Fault[] => {
      const path = `rules.${r} (${rule.code})`
      const facts = factsFor(rule)
      const again = seen.has(rule.code) ? [{ path, found: rule.code, says: 'stands in two rules', known: [] }] : []
      seen.add(rule.code)
      const spoken = (['when', 'limits'] as const).flatMap((part) =>
        Object.keys(rule[part] ?? {}).flatMap((fact): Fault[] => {
          if (facts.has(fact)) return []
          const says =
            rule.scope === 'model'
              ? 'is no fact of a model'
              : rule.ops
                ? 'is a fact that no operator of the rule has'
                : 'is no fact of any operator'
          return [{ path: `${path}.${part}.${fact}`, found: fact, says, known: [...facts].sort() }]
        }),
      )
      return [...again, ...unknownOps(`${path}.ops`, rule.ops ?? []), ...unknownOps(`${path}.except`, rule.except ?? []), ...spoken]
    }),
  ]
}
