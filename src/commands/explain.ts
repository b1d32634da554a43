/** The pages of a rule: what it says on each target that has it. */
import { distance } from 'fastest-levenshtein'
import { UserError } from '../errors.ts'
import { rulesOf } from '../target/check/rules.ts'
import { listTargets, loadTarget } from '../target/profiles/load.ts'
import type { Rule } from '../target/profiles/rule.ts'
import { ruleText } from './rule-text.ts'

export type Page = { readonly targets: readonly string[]; readonly rule: Rule }

/** Of all targets, or of one; targets that say the same share a page. Throws UserError `unknown-rule`. */
export function explain(code: string, target?: string): Page[] {
  const loaded = (target === undefined ? listTargets() : [target]).map(loadTarget)
  const pages = new Map<string, { targets: string[]; rule: Rule }>()
  for (const one of loaded)
    for (const rule of rulesOf(one)) {
      if (rule.code !== code) continue
      const name = JSON.stringify(rule)
      const page = pages.get(name) ?? { targets: [], rule }
      page.targets.push(one.name)
      pages.set(name, page)
    }
  if (pages.size > 0) return [...pages.values()]
  const codes = [...new Set(loaded.flatMap((one) => rulesOf(one).map((rule) => rule.code)))]
  throw new UserError('unknown-rule', `there is no rule ${JSON.stringify(code)}${target === undefined ? '' : ` of the target ${target}`}`, {
    found: code,
    expected: codes
      .sort((a, b) => distance(code, a) - distance(code, b))
      .slice(0, 5)
      .join(', '),
    hint: 'peapod targets NAME prints every rule of a target.',
  })
}

export const explainText = (pages: readonly Page[]): string =>
  pages.map(({ targets, rule }) => `${[...ruleText(rule), `    targets: ${targets.join(', ')}`].join('\n')}\n`).join('\n')
