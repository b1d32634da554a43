/** Reads an experiment: a file, or a preset by its name, with `--set path=value` words. */
import { distance } from 'fastest-levenshtein'
import { UserError } from '../errors.ts'
import { type Experiment, type ExperimentFile, experimentSchema } from './experiment-schema.ts'
import * as all from './experiments/index.ts'
import { applySetting } from './load.ts'
import { parseStrict } from './parse-strict.ts'
import { readObject } from './read-object.ts'

const presets: ReadonlyMap<unknown, ExperimentFile> = new Map(Object.entries(all))

export const presetNames: readonly string[] = Object.keys(all)

type Raw = Record<string, unknown>

/** Throws UserErrors `no-experiment`, `bad-experiment`, `unknown-preset`, `bad-setting`. */
export async function loadExperiment(source: string, settings: readonly string[] = []): Promise<Experiment> {
  const raw = presetNames.includes(source) ? { preset: source } : await readObject(source, 'experiment')
  for (const setting of settings) applySetting(raw, setting)
  return parseExperiment(raw, source)
}

export function parseExperiment(raw: Raw, where: string): Experiment {
  return parseStrict(experimentSchema, raw.preset === undefined ? raw : merged(presetOf(raw.preset), raw), where, 'bad-experiment')
}

function presetOf(name: unknown): Raw {
  const preset = presets.get(name)
  if (preset) return preset
  const near = [...presetNames].sort((a, b) => distance(`${name}`, a) - distance(`${name}`, b))[0]
  throw new UserError('unknown-preset', `there is no experiment called ${name}`, {
    found: `${name}`,
    expected: presetNames.join(', '),
    hint: `Did you mean ${near}?`,
  })
}

const isObject = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Objects join key by key; lists and words of the second stand in place of the first's. */
const merged = (below: Raw, above: Raw): Raw => ({
  ...below,
  ...Object.fromEntries(
    Object.entries(above).map(([key, value]) => [key, isObject(value) && isObject(below[key]) ? merged(below[key], value) : value]),
  ),
})
