/** `--shard i/n`: the part of a list that one of n machines works on. */
import { UserError } from '../errors.ts'

export type Shard = { readonly index: number; readonly of: number }

/** `i` counts from 1, as in a CI matrix. Throws UserError `bad-option`. */
export function shardOf(text: string): Shard {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? []
  if (index !== undefined && of !== undefined && index >= 1 && index <= of) return { index, of }
  throw new UserError('bad-option', '--shard wants which of how many', { found: text, expected: 'i/n with 1 <= i <= n, such as 2/4' })
}

/** Every n-th, so that seeds and networks spread over the machines. */
export const partOf = <T>(list: readonly T[], { index, of }: Shard): T[] => list.filter((_, i) => i % of === index - 1)
