/** How latency on the runner spreads. */
import { shown } from '../writers/escape.ts'
import { timesOf } from '../writers/run-lines.ts'
import type { Chart, Spec } from './define.ts'

export const latency: Chart = {
  section: 'latency',
  title: 'Latency on the runner',
  of: ({ runs }) => {
    const run = runs.find((r) => r.measurement?.latency.histogram)
    if (!run?.measurement) return undefined
    const { latency: l, description } = run.measurement
    const { edgesMs, counts } = l.histogram!
    const values = counts.flatMap((count, i) => (count ? [{ from: edgesMs[i], to: edgesMs[i + 1], count }] : []))
    const marks = [{ at: l.medianMs, says: 'median' }, ...(l.p99Ms === undefined ? [] : [{ at: l.p99Ms, says: 'p99' }])]
    const whose = description.timing === 'measured' ? 'MEASURED on that runtime' : 'a time of this host, which says nothing of the target'
    return {
      caption: `${l.runs} inferences on ${shown(run.runner, 60)} (${whose}): ${timesOf(l)}. Both axes are logarithmic.`,
      spec: (width): Spec => ({
        width,
        height: 200,
        autosize: { type: 'fit-x', contains: 'padding' },
        layer: [
          {
            data: { values },
            mark: { type: 'rect', color: 'var(--c1)' },
            encoding: {
              x: {
                field: 'from',
                type: 'quantitative',
                title: 'ms',
                scale: { type: 'log', nice: false },
                axis: { tickCount: 5, format: '~g' },
              },
              x2: { field: 'to' },
              y: { field: 'count', type: 'quantitative', title: 'inferences', scale: { type: 'symlog' }, axis: { tickCount: 4 } },
              y2: { datum: 0 },
            },
          },
          {
            data: { values: marks },
            mark: { type: 'rule', strokeDash: [4, 3], color: 'var(--c2)' },
            encoding: { x: { field: 'at', type: 'quantitative' } },
          },
          {
            data: { values: marks },
            mark: { type: 'text', align: 'left', dx: 3, y: -6 },
            encoding: { x: { field: 'at', type: 'quantitative' }, text: { field: 'says' } },
          },
        ],
      }),
    }
  },
}
