/** A comparison for a terminal or a log: what moved first, then where. */
import { type MetricName, metrics } from '../metrics.ts'
import { shown } from '../writers/escape.ts'
import { table } from '../writers/text.ts'
import { amount, grouped } from '../writers/words.ts'
import type { Change, Comparison, Outcome } from './compare.ts'
import type { LayerChange } from './layer-changes.ts'

const words: Readonly<Record<Outcome, string>> = {
  better: 'better',
  worse: 'WORSE',
  noise: 'within noise',
  same: '=',
  host: 'time of the host',
  missing: 'one side only',
}

/** More rows of layers than this say no more: `--json` has them all. */
const mostLayers = 40

/** `before` and `after` name the two, as the user did. */
export function comparisonText(comparison: Comparison, before: string, after: string): string {
  const { obstacles, changes, sameGraph, layers, outcome } = comparison
  const count = (o: Outcome) => changes.filter((c) => c.outcome === o).length
  return [
    `${outcome === 'worse' ? 'WORSE' : outcome}  ${shown(after)} against ${shown(before)}: ${count('better')} better, ${count('worse')} worse, ${count('noise')} within noise, ${count('same')} the same`,
    ...obstacles.map((o) => `note: not comparable by ${o.what}: ${shown(o.before)} and ${shown(o.after)}`),
    '',
    ...table(['metric', 'before', 'after', 'change', 'noise', ''], changes.map(rowOf)),
    '',
    ...layerLines(sameGraph, layers),
    '',
  ].join('\n')
}

function rowOf({ metric, before, after, change, noise, outcome }: Change): string[] {
  const say = (value: number | null) => (value === null ? '' : amount(value, metrics[metric as MetricName].unit))
  return [metric, say(before), say(after), change ? signed(change, say) : '', noise ? `±${say(noise)}` : '', words[outcome]]
}

const signed = (n: number, say: (n: number) => string) => `${n > 0 ? '+' : ''}${say(n)}`

function layerLines(sameGraph: boolean, layers: readonly LayerChange[]): string[] {
  const moved = layers.filter((l) => l.kind !== 'same')
  if (!moved.length) return [`layers: the same ${layers.length}, at the same cycles`]
  const count = (kind: LayerChange['kind']) => layers.filter((l) => l.kind === kind).length
  const head = sameGraph
    ? `layers: the same ${layers.length}; ${count('changed')} differ`
    : `layers: the graph changed: ${count('added')} added, ${count('removed')} removed, ${count('changed')} differ, ${count('same')} the same`
  const most = [...moved].sort((a, b) => Math.abs(gap(b)) - Math.abs(gap(a))).slice(0, mostLayers)
  const shownLayers = moved.filter((l) => most.includes(l))
  const rows = shownLayers.map((l) => {
    const { before, after, kind } = l
    const sqnr = [before?.sqnrDb, after?.sqnrDb].map((v) => (v === undefined ? '' : v.toFixed(1)))
    return [
      { added: '+', removed: '-', changed: '~', same: '' }[kind],
      shown((after ?? before)!.name, 40),
      (after ?? before)!.op,
      before ? grouped(before.cycles) : '',
      after ? grouped(after.cycles) : '',
      before && after && gap(l) ? signed(gap(l), grouped) : '',
      sqnr.includes('') || sqnr[0] === sqnr[1] ? '' : sqnr.join(' → '),
    ]
  })
  const more = moved.length > mostLayers ? [`and ${moved.length - mostLayers} more`] : []
  return [head, ...table(['', 'layer', 'op', 'cycles before', 'after', 'change', 'SQNR dB'], rows), ...more]
}

const gap = ({ before, after }: LayerChange): number => (after?.cycles ?? 0) - (before?.cycles ?? 0)
