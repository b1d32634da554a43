/** Reads a project file and `--set path=value` words into a validated project. */
import { readFile } from 'node:fs/promises'
import { distance } from 'fastest-levenshtein'
import type { z } from 'zod'
import { UserError } from '../errors.ts'
import type { Gate } from '../report/define.ts'
import { defaultGates, type Project, projectSchema } from './schema.ts'

export const projectFileName = 'peapod.json'

/** `path` must exist when it was asked for; without one, `peapod.json` in this folder is taken when it is there. */
export async function loadProject(path: string | undefined, settings: readonly string[] = []): Promise<Project> {
  const raw = await readJson(path ?? projectFileName, path !== undefined)
  for (const setting of settings) applySetting(raw, setting)
  return parseProject(raw, path ?? projectFileName)
}

/** Validates a project; unknown keys are refused with the nearest known one. Throws UserError `bad-project`. */
export function parseProject(raw: unknown, where: string): Project {
  const parsed = projectSchema.safeParse(raw)
  if (parsed.success) return { ...parsed.data, gates: { ...defaultGates, ...parsed.data.gates } }
  const issue = parsed.error.issues[0]!
  throw new UserError('bad-project', `${where}: ${describe(issue)}`, {
    found: JSON.stringify(valueAt(raw, issue.path)) ?? 'nothing',
    ...hintFor(issue),
  })
}

/** The project's gates as a list. */
export const gatesOf = (project: Project): Gate[] =>
  Object.entries(project.gates).flatMap(([metric, gate]) => {
    if (!gate) return []
    const { atLeast, atMost, worseBy, level, missing } = gate
    const limits = {
      ...(atLeast !== undefined && { atLeast }),
      ...(atMost !== undefined && { atMost }),
      ...(worseBy !== undefined && { worseBy }),
    }
    return [{ metric, level, missing, ...limits }]
  })

async function readJson(path: string, wanted: boolean): Promise<Record<string, unknown>> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (!wanted && (cause as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new UserError('no-project', `cannot read the project file ${path}`, {
      cause,
      hint: 'Without --config every key has its default.',
    })
  }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
    throw new SyntaxError('the file must hold one object')
  } catch (cause) {
    throw new UserError('bad-project', `${path} is not JSON: ${(cause as Error).message}`, { cause, expected: 'one JSON object' })
  }
}

/** `train.epochs=3`: the value is JSON where it parses, else a string. */
function applySetting(raw: Record<string, unknown>, setting: string): void {
  const at = setting.indexOf('=')
  const path = setting.slice(0, at).split('.')
  if (at < 1 || path.some((key) => key === '' || key === '__proto__'))
    throw new UserError('bad-setting', `--set wants path=value`, { found: setting, hint: 'For example --set train.epochs=3' })
  const text = setting.slice(at + 1)
  let value: unknown = text
  try {
    value = JSON.parse(text)
  } catch {}
  let place = raw
  for (const key of path.slice(0, -1)) {
    const below = place[key]
    place = place[key] = typeof below === 'object' && below !== null && !Array.isArray(below) ? (below as Record<string, unknown>) : {}
  }
  place[path.at(-1)!] = value
}

type Issue = z.core.$ZodIssue

const keyPath = (path: readonly PropertyKey[]) => path.map(String).join('.') || 'the file'

const describe = (issue: Issue): string => {
  if (issue.code === 'unrecognized_keys') return `unknown key ${[...issue.path, issue.keys[0]!].map(String).join('.')}`
  return `${keyPath(issue.path)}: ${issue.message}`
}

function hintFor(issue: Issue): { hint?: string; expected?: string } {
  if (issue.code === 'invalid_value') return { expected: issue.values.map(String).join(', ') }
  if (issue.code === 'invalid_type') return { expected: issue.expected }
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0]! : issue.code === 'invalid_key' ? String(issue.path.at(-1)) : undefined
  if (unknown === undefined) return {}
  const known = keysAt(issue.code === 'invalid_key' ? issue.path.slice(0, -1) : issue.path)
  const near = [...known].sort((a, b) => distance(unknown, a) - distance(unknown, b))[0]
  return {
    expected: known.join(', '),
    ...(near && distance(unknown, near) <= Math.max(3, unknown.length / 2) && { hint: `Did you mean ${near}?` }),
  }
}

const valueAt = (raw: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], raw)

/** The keys that a schema knows at a path, found by walking the schema itself. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let schema: any = projectSchema
  for (const key of path) schema = open(schema)?.shape?.[key] ?? open(schema)?.valueType
  const { shape, keyType } = open(schema) ?? {}
  return shape ? Object.keys(shape) : (keyType?.options ?? [])
}

const open = (schema: any): any => {
  while (schema && !schema.shape && !schema.valueType) schema = schema.def?.innerType ?? schema.def?.in
  return schema
}
