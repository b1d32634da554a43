/** Limits on facts: whether one holds, and how to say it. */
import type { Fact } from '../../graph/ops/define.ts'
import type { Facts } from '../../graph/ops/facts.ts'
import type { Limit } from '../define.ts'

const bytes = { bytes: 1, KiB: 2 ** 10, MiB: 2 ** 20 } as const

export function holds(limit: Limit, fact: Fact): boolean {
  if ('is' in limit) return fact === limit.is
  if ('oneOf' in limit) return limit.oneOf.includes(fact)
  if ('multipleOf' in limit) return typeof fact === 'number' && fact % limit.multipleOf === 0
  const one = bytes[limit.unit ?? 'bytes']
  return (
    typeof fact === 'number' &&
    fact >= (limit.min ?? Number.NEGATIVE_INFINITY) * one &&
    fact <= (limit.max ?? Number.POSITIVE_INFINITY) * one
  )
}

/** The facts that break their limit, by name. A fact that an operator does not have bounds nothing. */
export const broken = (limits: Readonly<Record<string, Limit>>, facts: Facts): string[] =>
  Object.entries(limits).flatMap(([name, limit]) => (facts[name] !== undefined && !holds(limit, facts[name]) ? [name] : []))

/** A limit in words, such as `1 to 3`, `at most 8 MiB`, `one of int8, uint8`. */
export function limitWords(limit: Limit): string {
  if ('is' in limit) return String(limit.is)
  if ('oneOf' in limit) return `one of ${limit.oneOf.join(', ')}`
  if ('multipleOf' in limit) return `a multiple of ${limit.multipleOf}`
  const { min, max } = limit
  const range = min === undefined ? `at most ${max}` : max === undefined ? `at least ${min}` : `${min} to ${max}`
  return limit.unit ? `${range} ${limit.unit}` : range
}
