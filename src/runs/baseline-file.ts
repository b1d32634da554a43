/** The baseline on disk: a JSON that the project commits. */
import { UserError } from '../errors.ts'
import { type Baseline, parseBaseline } from '../report/compare/baseline.ts'
import { readIfThere, writeWhole } from './files.ts'

/** Undefined where there is no file. Throws UserErrors `bad-baseline`, `other-baseline`, `cannot-read`. */
export async function readBaseline(path: string): Promise<Baseline | undefined> {
  const bytes = await readIfThere(path)
  if (!bytes) return undefined
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(bytes).toString())
  } catch (cause) {
    throw new UserError('bad-baseline', `${path} is not JSON: ${(cause as Error).message}`, { cause, expected: 'one JSON object' })
  }
  return parseBaseline(value, path)
}

export const writeBaseline = (path: string, baseline: Baseline): Promise<void> => writeWhole(path, `${JSON.stringify(baseline, null, 2)}\n`)
