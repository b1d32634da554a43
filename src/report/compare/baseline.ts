/** The baseline: figures that a project commits, one snapshot a target, for gates and for `compare`. */
import { z } from 'zod'
import { UserError } from '../../errors.ts'
import type { Reference } from '../judge.ts'
import { obstaclesOf } from './compare.ts'
import type { Snapshot } from './snapshot.ts'

export const baselineVersion = '1'

export type Baseline = {
  readonly kind: 'peapod-baseline'
  readonly schemaVersion: typeof baselineVersion
  readonly targets: Readonly<Record<string, Snapshot>>
}

const figure = z.object({
  value: z.number(),
  source: z.enum(['estimated', 'measured', 'computed']),
  range: z.tuple([z.number(), z.number()]).exactOptional(),
})
const layer = z.object({ name: z.string(), op: z.string(), macs: z.number(), cycles: z.number(), sqnrDb: z.number().exactOptional() })
const snapshot = z.object({
  peapod: z.string(),
  network: z.string(),
  target: z.string(),
  data: z.object({ name: z.string(), test: z.string(), samples: z.number() }),
  model: z.string(),
  estimate: z.string(),
  compiler: z.string().exactOptional(),
  figures: z.record(z.string(), figure),
  layers: z.array(layer),
})
const baseline = z.object({
  kind: z.literal('peapod-baseline'),
  schemaVersion: z.literal(baselineVersion),
  targets: z.record(z.string(), snapshot),
})

export const isBaseline = (value: unknown): boolean => (value as { kind?: unknown } | null)?.kind === 'peapod-baseline'

/** Throws UserError `other-baseline` for one of another schema, `bad-baseline` for what is none. */
export function parseBaseline(value: unknown, where: string): Baseline {
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion
  if (isBaseline(value) && version !== baselineVersion)
    throw new UserError('other-baseline', `${where} is a baseline of another schema`, {
      found: `schemaVersion ${JSON.stringify(version)}`,
      expected: `schemaVersion ${JSON.stringify(baselineVersion)}`,
      hint: `Write it anew from a run: peapod baseline RUN --file ${where}`,
    })
  const parsed = baseline.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw new UserError('bad-baseline', `${where} is no baseline: ${issue.path.map(String).join('.') || 'the file'}: ${issue.message}`, {
    expected: 'what peapod baseline RUN writes',
  })
}

/** With the snapshot in the place of its target's. */
export const withSnapshot = (before: Baseline | undefined, after: Snapshot): Baseline => {
  const targets = { ...before?.targets, [after.target]: after }
  const sorted = Object.fromEntries(Object.entries(targets).sort(([a], [b]) => (a < b ? -1 : 1)))
  return { kind: 'peapod-baseline', schemaVersion: baselineVersion, targets: sorted }
}

/** What gates of this run are judged against; a baseline of other data or of another estimate is none. */
export function referenceOf(of: Baseline | undefined, run: Snapshot, where: string): Reference {
  const found = of && Object.hasOwn(of.targets, run.target) ? of.targets[run.target] : undefined
  if (!found) return { missing: `${where} has no figures of ${run.target}; peapod baseline RUN writes them` }
  const [obstacle] = obstaclesOf(found, run)
  if (obstacle) return { missing: `the baseline has another ${obstacle.what}: ${obstacle.before}, here ${obstacle.after}` }
  return { values: Object.fromEntries(Object.entries(found.figures).map(([metric, { value }]) => [metric, value])) }
}
