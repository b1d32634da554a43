/** Reads a JSON file that holds one object. */
import { readFile } from 'node:fs/promises'
import { UserError } from '../errors.ts'

/** A file that is not `wanted` may be missing, and says nothing then. Throws UserErrors `no-WHAT` and `bad-WHAT`. */
export async function readObject(path: string, what: 'project' | 'experiment', wanted = true): Promise<Record<string, unknown>> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (!wanted && (cause as NodeJS.ErrnoException).code === 'ENOENT') return {}
    const hint = what === 'project' ? { hint: 'Without --config every key has its default.' } : {}
    throw new UserError(`no-${what}`, `cannot read the ${what} file ${path}`, { cause, ...hint })
  }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
    throw new SyntaxError('the file must hold one object')
  } catch (cause) {
    throw new UserError(`bad-${what}`, `${path} is not JSON: ${(cause as Error).message}`, { cause, expected: 'one JSON object' })
  }
}
