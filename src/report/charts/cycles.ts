/** Cycles by layer, and what bounds them. */
import { type LayerRow, layerRows } from '../layer-rows.ts'
import { compiledOf } from '../metrics.ts'
import { shown } from '../writers/escape.ts'
import { grouped, percent } from '../writers/words.ts'
import { type Chart, colours, narrow, type Spec } from './define.ts'

/** More bars than this nobody reads; the table has them all. */
const mostBars = 60

export const cycles: Chart = {
  section: 'layers',
  title: 'Cycles by layer, and what bounds them',
  of: (report) => {
    const all = layerRows(report)
    if (!all.some((l) => l.cycles > 0)) return undefined
    const rows = slowestOf(all.map((layer, i) => ({ layer, i })))
    const bounds = boundsOf(all)
    const compiler = compiledOf(report)?.compiler
    const values = rows.map(({ layer, i }) => ({
      name: `${i} ${shown(layer.name, 28)}`,
      cycles: layer.cycles,
      bound: layer.boundBy,
      theirs: layer.compiledCycles ?? null,
    }))
    const parts = bounds.map(({ bound, cycles: sum }) => `${bound} ${percent(sum / report.estimate.totalCycles, 0)}`).join(', ')
    return {
      caption: `${rows.length < all.length ? `The ${rows.length} slowest of ${all.length} layers` : `All ${all.length} layers`} in running order, estimated by ${report.estimate.model}, ${grouped(report.estimate.totalCycles)} cycles in all. What bounds them: ${parts}.${compiler ? ` The marks are the cycles that ${compiler} gives.` : ''}`,
      spec: (width): Spec => ({
        width,
        height: { step: 15 },
        autosize: { type: 'fit-x', contains: 'padding' },
        data: { values },
        encoding: {
          y: {
            field: 'name',
            type: 'nominal',
            sort: null,
            title: null,
            axis: { labelLimit: width < narrow ? 150 : 220, labelFontSize: width < narrow ? 10 : 11, ticks: false, domain: false },
          },
        },
        layer: [
          {
            mark: { type: 'bar' },
            encoding: {
              x: {
                field: 'cycles',
                type: 'quantitative',
                title: 'cycles (estimated)',
                axis: { format: ',d', tickCount: width < narrow ? 3 : 6 },
              },
              color: {
                field: 'bound',
                type: 'nominal',
                title: 'bound by',
                scale: { domain: bounds.map((b) => b.bound), range: colours },
                legend: { orient: 'top', columns: width < narrow ? 2 : 6 },
              },
            },
          },
          ...(compiler
            ? [
                {
                  mark: { type: 'tick' as const, thickness: 2, color: 'var(--ink)' },
                  encoding: { x: { field: 'theirs', type: 'quantitative' as const } },
                },
              ]
            : []),
        ],
      }),
    }
  },
}

function slowestOf(rows: { layer: LayerRow; i: number }[]) {
  if (rows.length <= mostBars) return rows
  return [...rows]
    .sort((a, b) => b.layer.cycles - a.layer.cycles)
    .slice(0, mostBars)
    .sort((a, b) => a.i - b.i)
}

/** The largest first: it gets the first colour. */
function boundsOf(rows: readonly LayerRow[]): { bound: string; cycles: number }[] {
  const sums = new Map<string, number>()
  for (const { boundBy, cycles: n } of rows) if (n) sums.set(boundBy, (sums.get(boundBy) ?? 0) + n)
  return [...sums].map(([bound, sum]) => ({ bound, cycles: sum })).sort((a, b) => b.cycles - a.cycles)
}
