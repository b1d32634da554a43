/** The run folders below a folder, and which of them a policy removes. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Report } from '../report/define.ts'
import { readIfThere } from './files.ts'
import { isHeld } from './lock.ts'
import { manifestName, type Provenance } from './manifest.ts'

export type RunState = 'done' | 'unfinished' | 'in use'

export type RunSummary = {
  readonly path: string
  readonly state: RunState
  readonly target: string | null
  readonly data: string | null
  readonly network: string | null
  readonly int8Accuracy: number | null
  /** Of a network that answers pixels. */
  readonly int8MeanIou: number | null
  readonly verdict: Report['verdict']['outcome'] | null
  /** When something was last written into it. */
  readonly touched: string
  readonly bytes: number
  /** What lies in it that Peapod does not write. */
  readonly foreign: readonly string[]
}

/** What Peapod writes into a run folder: folders of stages, and files at the top. */
export type Known = { readonly stages: readonly string[]; readonly files: readonly string[] }

/** `folder` itself, where it is a run folder, or those right below it, the last touched first. */
export async function listRuns(folder: string, known: Known): Promise<RunSummary[]> {
  const own = await summaryOf(folder, known)
  if (own) return [own]
  const below = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const found = await Promise.all(below.filter((e) => e.isDirectory()).map((e) => summaryOf(join(folder, e.name), known)))
  return found.filter((run) => run !== undefined).sort((a, b) => b.touched.localeCompare(a.touched))
}

async function summaryOf(path: string, { stages, files }: Known): Promise<RunSummary | undefined> {
  const top = await readdir(path, { withFileTypes: true }).catch(() => [])
  const names = new Set(top.map((e) => e.name))
  const worked = stages.filter((stage) => names.has(stage))
  const made = await Promise.all(
    worked.flatMap((stage) => ['made.json', 'unfinished.bin'].map((file) => stat(join(path, stage, file)).catch(() => undefined))),
  )
  if (!made.some(Boolean)) return undefined
  const report = await json<Report>(join(path, 'report.json'))
  const manifest = await json<Partial<Provenance>>(join(path, manifestName))
  const size = await sizeOf(path)
  const state = (await isHeld(join(path, 'lock'))) ? 'in use' : manifest && report ? 'done' : 'unfinished'
  // A report beside no manifest is one of an earlier run.
  const said = state === 'done' ? report : undefined
  return {
    path,
    state,
    target: report?.target ?? manifest?.target ?? null,
    data: report?.data?.name ?? manifest?.data?.name ?? null,
    network: report?.network ?? manifest?.network ?? null,
    int8Accuracy: said?.int8?.accuracy ?? null,
    int8MeanIou: said?.int8?.meanIou ?? null,
    verdict: said?.verdict?.outcome ?? null,
    touched: new Date(size.touchedMs).toISOString(),
    bytes: size.bytes,
    foreign: [...names].filter((name) => !stages.includes(name) && !files.includes(name)).sort(),
  }
}

async function sizeOf(path: string): Promise<{ bytes: number; touchedMs: number }> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const stats = await Promise.all(entries.filter((e) => e.isFile()).map((e) => stat(join(e.parentPath, e.name)).catch(() => undefined)))
  return {
    bytes: stats.reduce((sum, s) => sum + (s?.size ?? 0), 0),
    touchedMs: stats.reduce((last, s) => Math.max(last, s?.mtimeMs ?? 0), 0),
  }
}

async function json<T>(path: string): Promise<T | undefined> {
  const bytes = await readIfThere(path)
  try {
    return bytes && (JSON.parse(Buffer.from(bytes).toString()) as T)
  } catch {
    return undefined
  }
}

export type Policy = {
  readonly olderThanMs?: number
  /** So many of the last touched stay of each target and data set. */
  readonly keep?: number
  readonly failed?: boolean
  readonly unfinished?: boolean
}

/** Why a run is to go, or undefined. A run in use stays, and so does one with files of another's. `runs`: the last touched first. */
export function reasonsToGo(runs: readonly RunSummary[], policy: Policy, now: number): Map<RunSummary, string> {
  const reasons = new Map<RunSummary, string>()
  const seen = new Map<string, number>()
  for (const run of runs) {
    const kind = `${run.target}\n${run.data}`
    const place = (seen.get(kind) ?? 0) + 1
    seen.set(kind, place)
    if (run.state === 'in use' || run.foreign.length) continue
    const { olderThanMs = Infinity, keep = Infinity, failed, unfinished } = policy
    if (now - Date.parse(run.touched) > olderThanMs) reasons.set(run, 'old')
    else if (place > keep) reasons.set(run, `not among the last ${keep}`)
    else if (failed && run.verdict === 'fail') reasons.set(run, 'failed')
    else if (unfinished && run.state === 'unfinished') reasons.set(run, 'unfinished')
  }
  return reasons
}
