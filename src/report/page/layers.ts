/** The layer table, which sorts and filters. */
import type { Report } from '../define.ts'
import { type LayerRow, layerRows } from '../layer-rows.ts'
import { compiledOf } from '../metrics.ts'
import { html } from '../writers/escape.ts'
import { bytes, grouped, percent } from '../writers/words.ts'
import { type Cell, cell, facts, headsOf, nameCell, number, rowsOf } from './table.ts'

type Column = { readonly head: Cell; readonly of: (row: LayerRow, index: number) => Cell }

export function layersSection(report: Report): string {
  const rows = layerRows(report)
  const columns = columnsOf(report, rows)
  const bounds = [...new Set(rows.map((r) => r.boundBy))]
  return `<div class="filter" hidden><label for="find">find<input id="find" type="search" placeholder="name, operator…" autocomplete="off"></label>
<label for="bound">bound by<select id="bound"><option value="">anything</option>${bounds.map((b) => `<option>${html(b)}</option>`).join('')}</select></label>
<output id="count" aria-live="polite">${rows.length} of ${rows.length} layers</output></div>
<div class="layers" role="region" tabindex="0" aria-label="Layers"><table id="layers">${headsOf(columns.map((c) => c.head))}<tbody>
${rowsOf(
  rows.map((row, i) => columns.map((c) => c.of(row, i))),
  (i) => ` data-bound="${html(rows[i]!.boundBy)}"`,
)}
</tbody></table></div>${changesList(rows)}`
}

/** By what bounds the layers, the costliest first. */
function changesList(rows: readonly LayerRow[]): string {
  const shares = new Map<string, { share: number; change: string }>()
  for (const { boundBy, share, change } of rows)
    if (change) shares.set(boundBy, { change, share: (shares.get(boundBy)?.share ?? 0) + share })
  if (!shares.size) return ''
  const items = [...shares].sort(([, a], [, b]) => b.share - a.share)
  return `<h3>What would make it faster</h3>${facts(
    'What would make it faster',
    items.map(([bound, { share, change }]) => [`${bound}, ${percent(share, 0)}`, html(change, 400)]),
  )}`
}

function columnsOf(report: Report, rows: readonly LayerRow[]): Column[] {
  const compiler = compiledOf(report)?.compiler
  const some = (has: (row: LayerRow) => unknown, ...columns: Column[]) => (rows.some(has) ? columns : [])
  const amount = (shown: (n: number) => string, value: number | null | undefined) =>
    typeof value === 'number' ? number(shown(value), value) : number('')
  return [
    { head: number('#'), of: (_, i) => number(`${i}`, i) },
    { head: cell('layer'), of: (r) => nameCell(r.name) },
    { head: cell('op'), of: (r) => cell(r.op) },
    ...some((r) => r.place, { head: cell('place'), of: (r) => cell(r.place ?? '') }),
    { head: number('MACs'), of: (r) => number(grouped(r.macs), r.macs) },
    ...some((r) => r.movedBytes !== undefined, { head: number('moved'), of: (r) => amount(bytes, r.movedBytes) }),
    { head: number('cycles'), of: (r) => number(grouped(r.cycles), r.cycles) },
    ...some((r) => r.compiledCycles !== undefined, { head: number(html(compiler ?? '')), of: (r) => amount(grouped, r.compiledCycles) }),
    { head: number('share'), of: (r) => number(percent(r.share, 1), r.share) },
    { head: cell('bound by'), of: (r) => cell(r.boundBy) },
    ...some((r) => typeof r.sqnrDb === 'number', { head: number('SQNR'), of: (r) => amount((n) => `${n.toFixed(1)} dB`, r.sqnrDb) }),
  ]
}
