/** The report of a run folder or of a file, held against its schema and against the manifest beside it. */
import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UserError } from '../errors.ts'
import { type Baseline, isBaseline, parseBaseline } from '../report/compare/baseline.ts'
import type { Report } from '../report/define.ts'
import { asReport, reportSchema } from '../report/schema.ts'
import { readIfThere, sha256 } from './files.ts'

const reportName = 'report.json'

/** `path`: a run folder, or a file with a report or a baseline. Throws UserErrors `no-report`, `bad-report`, `other-report`, `changed-by-hand`. */
export async function readReport(path: string): Promise<{ readonly report: Report } | { readonly baseline: Baseline }> {
  const folder = await stat(path).then(
    (s) => s.isDirectory(),
    () => false,
  )
  const file = folder ? join(path, reportName) : path
  const bytes = await readIfThere(file)
  if (!bytes)
    throw new UserError('no-report', folder ? `${path} has no ${reportName}` : `there is no ${path}`, {
      expected: `a run folder, a ${reportName}, or a baseline`,
      hint: 'A run that went to its end has one: peapod deploy.',
    })
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(bytes).toString())
  } catch (cause) {
    throw new UserError('bad-report', `${file} is not JSON: ${(cause as Error).message}`, { cause, expected: 'what peapod deploy writes' })
  }
  if (isBaseline(value)) return { baseline: parseBaseline(value, file) }
  await holdAgainstManifest(file, bytes)
  return { report: parseReport(value, file) }
}

function parseReport(value: unknown, file: string): Report {
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion
  if (typeof version === 'string' && version !== '1')
    throw new UserError('other-report', `${file} is of another schema`, {
      found: `schemaVersion ${version}`,
      expected: 'schemaVersion 1',
      hint: 'Deploy again with this Peapod, or read it with the version that wrote it.',
    })
  const parsed = reportSchema.safeParse(value)
  if (parsed.success) return asReport(parsed.data)
  const issue = parsed.error.issues[0]!
  throw new UserError('bad-report', `${file}: ${issue.path.map(String).join('.') || 'the file'}: ${issue.message}`, {
    expected: 'what peapod deploy writes',
  })
}

/** A report that was changed by hand is no evidence; one that was moved away from its manifest stands alone. */
async function holdAgainstManifest(file: string, bytes: Uint8Array): Promise<void> {
  const manifest = await readIfThere(join(dirname(file), 'manifest.json'))
  if (!manifest || !file.endsWith(reportName)) return
  let recorded: unknown
  try {
    recorded = (JSON.parse(Buffer.from(manifest).toString()) as { files?: Record<string, unknown> }).files?.[reportName]
  } catch {
    return // a manifest that cannot be read is what verify-manifest tells of
  }
  const found = sha256(bytes)
  if (typeof recorded === 'string' && recorded !== found)
    throw new UserError('changed-by-hand', `${file} is not what its run wrote`, {
      found: `SHA-256 ${found}`,
      expected: `SHA-256 ${recorded}, by the manifest beside it`,
      hint: 'Deploy into the folder again: what is up to date is kept.',
    })
}
