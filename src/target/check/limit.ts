/** Limits on facts: whether one holds, and how to say it. */
import type { Fact } from '../../graph/ops/define.ts'
import type { Facts } from '../../graph/ops/facts.ts'
import type { Limit } from '../define.ts'

export function holds(limit: Limit, fact: Fact): boolean {
  if ('is' in limit) return fact === limit.is
  if ('oneOf' in limit) return limit.oneOf.includes(fact)
  return typeof fact === 'number' && fact >= (limit.min ?? Number.NEGATIVE_INFINITY) && fact <= (limit.max ?? Number.POSITIVE_INFINITY)
}

/** The facts that break their limit, by name. A fact that an operator does not have bounds nothing. */
export const broken = (limits: Readonly<Record<string, Limit>>, facts: Facts): string[] =>
  Object.entries(limits).flatMap(([name, limit]) => (facts[name] !== undefined && !holds(limit, facts[name]) ? [name] : []))
