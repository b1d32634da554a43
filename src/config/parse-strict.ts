/** Validates a value from a file by its schema; what is wrong is named with its place, and an unknown key with the nearest known one. */
import { distance } from 'fastest-levenshtein'
import type { z } from 'zod'
import { UserError } from '../errors.ts'

/** `where` is the file, for the message. Throws a UserError of the code given. */
export function parseStrict<S extends z.ZodType>(schema: S, raw: unknown, where: string, code: string): z.output<S> {
  const parsed = schema.safeParse(raw)
  if (parsed.success) return parsed.data
  const issue = meant(parsed.error.issues[0]!)
  throw new UserError(code, `${where}: ${describe(issue)}`, {
    found: JSON.stringify(valueAt(raw, issue.path)) ?? 'nothing',
    ...hintFor(schema, issue),
  })
}

type Issue = z.core.$ZodIssue

/** Of a value that may be of several kinds, what is wrong with the kind that it has. */
function meant(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue
  const inside = issue.errors.map(([first]) => first!).find((first) => first.code !== 'invalid_type' || first.path.length)
  return inside ? meant({ ...inside, path: [...issue.path, ...inside.path] }) : issue
}

const keyPath = (path: readonly PropertyKey[]) => path.map(String).join('.') || 'the file'

const describe = (issue: Issue): string => {
  if (issue.code === 'unrecognized_keys') return `unknown key ${[...issue.path, issue.keys[0]!].map(String).join('.')}`
  return `${keyPath(issue.path)}: ${issue.message}`
}

function hintFor(schema: z.ZodType, issue: Issue): { hint?: string; expected?: string } {
  if (issue.code === 'invalid_value') return { expected: issue.values.map(String).join(', ') }
  if (issue.code === 'invalid_type') return { expected: issue.expected }
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0]! : issue.code === 'invalid_key' ? String(issue.path.at(-1)) : undefined
  if (unknown === undefined) return {}
  const known = keysAt(schema, issue.code === 'invalid_key' ? issue.path.slice(0, -1) : issue.path)
  const near = [...known].sort((a, b) => distance(unknown, a) - distance(unknown, b))[0]
  return {
    expected: known.join(', '),
    ...(near && distance(unknown, near) <= Math.max(3, unknown.length / 2) && { hint: `Did you mean ${near}?` }),
  }
}

const valueAt = (raw: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], raw)

/** The keys that a schema knows at a path, found by walking the schema itself. */
function keysAt(root: z.ZodType, path: readonly PropertyKey[]): string[] {
  let schema: any = root
  for (const key of path) schema = open(schema)?.shape?.[key] ?? open(schema)?.valueType ?? open(schema)?.element
  const { shape, keyType } = open(schema) ?? {}
  return shape ? Object.keys(shape) : (keyType?.options ?? [])
}

/** What stands behind defaults, refinements and words that are first turned into objects. */
const open = (schema: any): any => {
  while (schema && !schema.shape && !schema.valueType && !schema.element) {
    const { innerType, in: input, out, options } = schema.def ?? {}
    schema = innerType ?? options?.find((option: any) => option.shape) ?? (input?.def?.type === 'transform' ? out : input)
  }
  return schema
}
