/** The vendor's compiler beside our estimate, in the text report. */
import type { Compiled } from '../../target/define.ts'
import { beside } from '../beside.ts'
import type { Report } from '../define.ts'
import { compiledOf } from '../metrics.ts'
import { shown } from './escape.ts'
import { bytes, grouped, milliseconds, percent } from './words.ts'

const than = (theirs: number, ours: number): string => {
  if (ours === theirs || theirs === 0) return ours === theirs ? 'ours the same' : `ours ${grouped(ours)}`
  const share = (ours - theirs) / theirs
  return `ours ${share > 0 ? '+' : ''}${percent(share)}`
}

/** Nothing where the run had no such stage. */
export function compiledLines(r: Pick<Report, 'compiled' | 'estimate' | 'check'>): string[] {
  const c = compiledOf(r)
  if (!c) return r.compiled && 'missing' in r.compiled ? [`compiled   not compiled: ${shown(r.compiled.missing, 400)}`] : []
  return [
    ...cycleLine(c, r.estimate.totalCycles),
    `           ${c.cpuOperators} operators on the CPU (ours ${r.check.placement.cpu}), file ${bytes(c.outputBytes)}, ${memory(c, r)}`,
  ]
}

function cycleLine({ compiler, version, totalCycles, latencyMs, configuration }: Compiled, ours: number): string[] {
  const what = `compiled   by ${shown(`${compiler} ${version}`)}${configuration ? ` for ${shown(Object.values(configuration).join(', '), 200)}` : ''}`
  if (totalCycles === undefined) return [`${what}, which gives no cycles`]
  const latency = latencyMs === undefined ? '' : `, ${milliseconds(latencyMs)}`
  return [what, `           ${grouped(totalCycles)} cycles${latency} (ESTIMATED by the compiler, not measured; ${than(totalCycles, ours)})`]
}

const memory = ({ arenaBytes, weightBytes }: Compiled, { estimate }: Pick<Report, 'estimate'>): string =>
  [
    ...(arenaBytes === undefined ? [] : [`arena ${bytes(arenaBytes)} (${than(arenaBytes, estimate.arenaBytes)})`]),
    `weights ${bytes(weightBytes)} (${than(weightBytes, estimate.weightBytes)})`,
  ].join(', ')

/** Heads and cells that stand beside our layers; and what of theirs has no layer of ours. */
export function compiledColumns(r: Pick<Report, 'compiled' | 'estimate'>): {
  readonly heads: readonly string[]
  cells(layer: number): readonly string[]
  readonly after: readonly string[]
} {
  const c = compiledOf(r)
  if (!c?.layers.length) return { heads: [], cells: () => [], after: [] }
  const { theirs, rest } = beside(r.estimate, c)
  const cells = (layer: number): string[] => {
    const [there, here] = [theirs[layer], r.estimate.layers[layer]!.cycles]
    if (there === undefined) return ['', '']
    return [grouped(there), there === 0 ? '' : percent((here - there) / there, 1)]
  }
  const after = rest > 0 ? [`${grouped(rest)} cycles of ${shown(c.compiler)} belong to no layer of ours`] : []
  return { heads: [shown(c.compiler, 20), 'ours off by'], cells, after }
}
