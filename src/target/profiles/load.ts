/** Finds, merges and checks target files; the only place of the target floor that reads files. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { distance } from 'fastest-levenshtein'
import { UserError } from '../../errors.ts'
import { type Fault, ruleFaults } from './rule-faults.ts'
import { profile, type Target } from './schema.ts'

/** From `src/target/profiles` and from `dist/target/profiles` alike. */
const folder = fileURLToPath(new URL('../../../targets/', import.meta.url))

type Raw = Record<string, unknown>

/** Names of the built-in targets that a model can be deployed to, sorted. */
export function listTargets(): string[] {
  return everyName().filter((name) => readRaw(join(folder, `${name}.json`)).abstract !== true)
}

const everyName = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))
    .sort()

/** Targets of our own by their name: their files stay as they are. */
const loaded = new Map<string, Target>()

/** A target by its name, or by the path of a user's own file. Throws UserError `unknown-target`, `abstract-target` or `bad-target`. */
export function loadTarget(nameOrPath: string): Target {
  const known = loaded.get(nameOrPath)
  if (known) return known
  const target = read(nameOrPath)
  if (everyName().includes(nameOrPath)) loaded.set(nameOrPath, target)
  return target
}

function read(nameOrPath: string): Target {
  const path = pathOf(nameOrPath)
  if (!path) throw unknown(nameOrPath)
  const merged = withHost(inherit(path, []), path)
  if (merged.abstract === true) throw family(nameOrPath, String(merged.name))
  const parsed = profile.safeParse(merged)
  if (!parsed.success) throw invalid(path, merged, parsed.error.issues)
  const [fault] = ruleFaults(parsed.data)
  if (fault) throw faulty(path, fault)
  return parsed.data
}

/** Numbers that every member shares are no machine yet. */
function family(found: string, name: string): UserError {
  const members = listTargets().filter((member) => readRaw(join(folder, `${member}.json`)).extends === name)
  return new UserError('abstract-target', `target ${name} only describes a family`, {
    found,
    expected: members.join(', '),
    hint: 'Choose a member of the family.',
  })
}

function pathOf(nameOrPath: string): string | undefined {
  if (/[/\\]|\.json$/.test(nameOrPath)) return existsSync(nameOrPath) ? resolve(nameOrPath) : undefined
  return everyName().includes(nameOrPath) ? join(folder, `${nameOrPath}.json`) : undefined
}

function unknown(name: string): UserError {
  const near = listTargets()
    .map((candidate) => ({ candidate, far: distance(name.toLowerCase(), candidate) }))
    .sort((a, b) => a.far - b.far || a.candidate.localeCompare(b.candidate))
    .slice(0, 3)
    .map(({ candidate }) => candidate)
  return new UserError('unknown-target', `there is no target ${JSON.stringify(name)}`, {
    found: name,
    expected: listTargets().join(', '),
    hint: `Did you mean ${near.join(', ')}? A target of your own is given by the path of its .json file.`,
  })
}

type Issue = { readonly path: PropertyKey[]; readonly message: string; readonly errors?: readonly (readonly Issue[])[] }

/** Of alternatives the one that the file comes nearest to: it has the fewest faults. */
function flat({ errors, ...issue }: Issue): Issue[] {
  const nearest = errors?.toSorted((a, b) => a.length - b.length)[0]
  return nearest ? nearest.flatMap((inner) => flat({ ...inner, path: [...issue.path, ...inner.path] })) : [issue]
}

/** A key in words; a rule also by its code. */
function keyOf(path: readonly PropertyKey[], raw: Raw): string {
  const rule = path[0] === 'rules' && Array.isArray(raw.rules) ? raw.rules[Number(path[1])] : undefined
  return path.map((key, i) => (i === 1 && isObject(rule) ? `${String(key)} (${rule.code})` : String(key))).join('.') || '(top)'
}

function invalid(path: string, raw: Raw, issues: readonly Issue[]): UserError {
  const said = issues.flatMap(flat).map((issue) => `${keyOf(issue.path, raw)}: ${issue.message}`)
  return new UserError('bad-target', `target file ${path} is not valid: ${said.slice(0, 5).join('; ')}`, {
    found: said[0]!,
    expected: 'a file that schemas/target.schema.json allows, together with what it extends',
    hint: 'Each number stands in an object with its evidence: source, sourceVersion, confidence.',
  })
}

function faulty(path: string, { path: key, found, says, known }: Fault): UserError {
  const near = [...known].sort((a, b) => distance(found, a) - distance(found, b)).slice(0, 5)
  return new UserError('bad-target', `target file ${path} is not valid: ${key}: ${found} ${says}`, {
    found,
    ...(near.length > 0 && { expected: `such as ${near.join(', ')}` }),
    hint: 'peapod targets NAME prints the rules of a target, with their facts.',
  })
}

function readRaw(path: string): Raw {
  let raw: unknown
  try {
    raw = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new UserError('bad-target', `target file ${path} cannot be read as JSON`, {
      found: String((cause as Error).message),
      expected: 'JSON',
      cause,
    })
  }
  if (raw === null || typeof raw !== 'object' || Array.isArray(raw)) {
    throw new UserError('bad-target', `target file ${path} holds no object`, {
      found: JSON.stringify(raw).slice(0, 60),
      expected: 'a JSON object',
    })
  }
  return raw as Raw
}

/** A file on top of what it extends. `extends` is the name of a built-in target, or a path beside the file. */
function inherit(path: string, seen: readonly string[]): Raw {
  if (seen.includes(path)) {
    throw new UserError('bad-target', `targets extend each other in a circle: ${[...seen, path].map((p) => basename(p)).join(' -> ')}`, {
      found: path,
      expected: 'a chain that ends',
    })
  }
  const raw = readRaw(path)
  if (raw.extends === undefined) return withRules(raw, path)
  const wanted = String(raw.extends)
  const beside = /[/\\]|\.json$/.test(wanted) ? resolve(dirname(path), wanted) : wanted
  const parent = pathOf(beside)
  if (!parent) throw unknown(wanted)
  const { abstract: _, ...inherited } = inherit(parent, [...seen, path])
  return withRules(merge(inherited, raw) as Raw, path)
}

/** The prices of a host that are those of another target. */
function withHost(raw: Raw, path: string): Raw {
  const { engine } = raw
  const host = isObject(engine) && isObject(engine.besides) ? engine.besides.host : undefined
  if (!isObject(host) || host.pricesOf === undefined || host.prices !== undefined) return raw
  const wanted = String(host.pricesOf)
  const other = pathOf(/[/\\]|\.json$/.test(wanted) ? resolve(dirname(path), wanted) : wanted)
  if (!other) throw unknown(wanted)
  return merge(raw, { engine: { besides: { host: { prices: inherit(other, []).engine } } } }) as Raw
}

/** Puts `addRules` beside the rules or in the place of one of the same code, and takes away `dropRules`. */
function withRules({ addRules = [], dropRules = [], ...raw }: Raw, path: string): Raw {
  if (!Array.isArray(addRules) || !Array.isArray(dropRules)) return { ...raw, addRules, dropRules }
  const rules: unknown[] = Array.isArray(raw.rules) ? raw.rules : []
  const codeOf = (rule: unknown) => (isObject(rule) ? rule.code : undefined)
  const lost = dropRules.find((code) => !rules.some((rule) => codeOf(rule) === code))
  if (lost !== undefined) {
    throw new UserError('bad-target', `target file ${path} is not valid: dropRules: there is no rule ${JSON.stringify(lost)} to drop`, {
      found: String(lost),
      expected: rules.map(codeOf).join(', '),
    })
  }
  const gone = new Set([...dropRules, ...addRules.map(codeOf)])
  return { ...raw, rules: [...rules.filter((rule) => !gone.has(codeOf(rule))), ...addRules] }
}

/** JSON merge patch (RFC 7396): objects merge by key, null removes, anything else replaces. */
function merge(under: unknown, over: unknown): unknown {
  if (!isObject(over)) return over
  const merged: Raw = isObject(under) ? { ...under } : {}
  for (const [key, value] of Object.entries(over)) {
    if (value === null) delete merged[key]
    else merged[key] = merge(merged[key], value)
  }
  return merged
}

const isObject = (x: unknown): x is Raw => x !== null && typeof x === 'object' && !Array.isArray(x)
