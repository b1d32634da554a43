/** Reads a project file and `--set path=value` words into a validated project. */
import { isDeepStrictEqual } from 'node:util'
import { UserError } from '../errors.ts'
import type { Gate } from '../report/define.ts'
import type { MetricName } from '../report/metrics.ts'
import { parseStrict } from './parse-strict.ts'
import { readObject } from './read-object.ts'
import { defaultGates, type Project, pixelGates, projectSchema } from './schema.ts'

export const projectFileName = 'peapod.json'

/** `path` must exist when it was asked for; without one, `peapod.json` in this folder is taken when it is there. */
export async function loadProject(path: string | undefined, settings: readonly string[] = []): Promise<Project> {
  const raw = await readObject(path ?? projectFileName, 'project', path !== undefined)
  for (const setting of settings) applySetting(raw, setting)
  return parseProject(raw, path ?? projectFileName)
}

/** Validates a project; unknown keys are refused with the nearest known one. Throws UserError `bad-project`. */
export function parseProject(raw: unknown, where: string): Project {
  const project = parseStrict(projectSchema, raw, where, 'bad-project')
  return { ...project, gates: { ...defaultGates, ...project.gates } }
}

/** The project's gates as a list; `pixels`: of a network that answers those, which has gates of its own. */
export const gatesOf = (project: Project, pixels = false): Gate[] =>
  Object.entries({ ...project.gates, ...(pixels && unsaid(pixelGates, project.gates)) }).flatMap(([metric, gate]) => {
    if (!gate) return []
    const { atLeast, atMost, worseBy, level, missing } = gate
    const limits = {
      ...(atLeast !== undefined && { atLeast }),
      ...(atMost !== undefined && { atMost }),
      ...(worseBy !== undefined && { worseBy }),
    }
    return [{ metric, level, missing, ...limits }]
  })

/** Those of `gates` of whose metric the file says nothing. */
const unsaid = (gates: Project['gates'], said: Project['gates']): Project['gates'] => {
  const names = (Object.keys(gates) as MetricName[]).filter((name) => !(name in said) || isDeepStrictEqual(said[name], defaultGates[name]))
  return Object.fromEntries(names.map((name) => [name, gates[name] ?? null]))
}

/** `train.epochs=3`: the value is JSON where it parses, else a string. Throws UserError `bad-setting`. */
export function applySetting(raw: Record<string, unknown>, setting: string): void {
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
